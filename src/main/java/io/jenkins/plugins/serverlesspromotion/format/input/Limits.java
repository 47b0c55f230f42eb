package io.jenkins.plugins.serverlesspromotion.format.input;

/**
 * The limits of an input, so that no file of a team can exhaust the controller.
 *
 * @param bytes of the file
 * @param nodes maps, lists and scalars; repetitions by an alias count every time
 * @param depth of nesting
 * @param localTags whether it is a template: tags outside YAML's core schema ({@code !Sub}) are accepted, and booleans
 *     are those of YAML 1.1
 */
public record Limits(int bytes, int nodes, int depth, boolean localTags) {
    /** A manifest or a policy. */
    public static final Limits INPUT = new Limits(1 << 20, 100_000, 40, false);

    /** CloudFormation accepts templates of up to 1 MB from S3. */
    public static final Limits TEMPLATE = new Limits(1 << 20, 500_000, 100, true);

    /** A tool's build state next to the templates, which contains the templates once more. */
    public static final Limits STATE = new Limits(16 << 20, 2_000_000, 100, false);
}
