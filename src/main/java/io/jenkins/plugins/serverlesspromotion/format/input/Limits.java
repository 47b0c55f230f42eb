package io.jenkins.plugins.serverlesspromotion.format.input;

/**
 * What an input may cost at most, so that no file that a team hands over can exhaust the controller.
 *
 * @param bytes of the file
 * @param nodes maps, lists and scalars, those that an alias repeats counted every time
 * @param depth of nesting
 * @param localTags whether tags outside YAML's core schema ({@code !Sub}) are taken
 */
public record Limits(int bytes, int nodes, int depth, boolean localTags) {
    /** A manifest or a policy. */
    public static final Limits INPUT = new Limits(1 << 20, 100_000, 40, false);

    /** CloudFormation takes templates of up to 1 MB from S3. */
    public static final Limits TEMPLATE = new Limits(1 << 20, 500_000, 100, true);

    /** What a tool remembers of its build beside the templates, which holds the templates once more. */
    public static final Limits STATE = new Limits(16 << 20, 2_000_000, 100, false);
}
