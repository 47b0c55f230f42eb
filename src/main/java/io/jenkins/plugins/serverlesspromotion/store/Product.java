package io.jenkins.plugins.serverlesspromotion.store;

/**
 * The product that a store belongs to. One never opens the store of the other, because they identify people
 * differently.
 */
public enum Product {
    CLI("cli", "the command line"),
    CONTROLLER("controller", "a Jenkins controller");

    private final String word;
    private final String described;

    Product(String word, String described) {
        this.word = word;
        this.described = described;
    }

    /** The name in files: {@code cli}. */
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
