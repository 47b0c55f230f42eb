package io.jenkins.plugins.serverlesspromotion.store;

/** What a store belongs to. One never opens the other's: they disagree about who people are. */
public enum Product {
    CLI("cli", "the command line"),
    CONTROLLER("controller", "a Jenkins controller");

    private final String word;
    private final String described;

    Product(String word, String described) {
        this.word = word;
        this.described = described;
    }

    /** As it is written in files: {@code cli}. */
    public String word() {
        return word;
    }

    /** For messages: {@code the command line}. */
    String described() {
        return described;
    }

    static Product ofWord(String word) {
        for (Product product : values()) {
            if (product.word().equals(word)) {
                return product;
            }
        }
        throw new IllegalArgumentException("'" + word + "' is no product; known are cli and controller");
    }
}
