package io.jenkins.plugins.serverlesspromotion.format.input;

import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds the tree of an input from the events of a parser, within limits and without recursion. */
final class TreeBuilder {
    private final String file;
    private final Limits limits;
    private final Problems problems;
    private final Deque<Open> open = new ArrayDeque<>();
    private final Map<String, Sized> anchors = new HashMap<>();
    private Node root;

    TreeBuilder(String file, Limits limits, Problems problems) {
        this.file = file;
        this.limits = limits;
        this.problems = problems;
    }

    /** A map or list that is not yet closed. {@code key} is the one whose value comes next. */
    private static final class Open {
        final boolean mapping;
        final int line;
        final String tag;
        final String anchor;
        final List<Node> items = new ArrayList<>();
        final Map<String, Node.Member> members = new LinkedHashMap<>();
        long size = 1;
        boolean hasKey;
        String key;
        int keyLine;

        Open(boolean mapping, int line, String tag, String anchor) {
            this.mapping = mapping;
            this.line = line;
            this.tag = tag;
            this.anchor = anchor;
        }
    }

    private record Sized(Node node, long size) {}

    void start(boolean mapping, int line, String tag, String anchor) {
        if (open.size() >= limits.depth()) {
            throw refuse(line, "is nested more than " + limits.depth() + " levels deep");
        }
        if (expectsKey()) {
            throw refuse(line, "a key must be a single text, not a map or a list");
        }
        open.push(new Open(mapping, line, tag, anchor));
    }

    void end() {
        Open closed = open.pop();
        Node node = closed.mapping
                ? new Node.Mapping(at(closed.line), closed.tag, List.copyOf(closed.members.values()))
                : new Node.Sequence(at(closed.line), closed.tag, List.copyOf(closed.items));
        add(node, closed.size, closed.anchor);
    }

    void scalar(int line, String tag, String anchor, String text, Node.Type type, Node.Span span) {
        whole(line, text);
        if (expectsKey()) {
            if (tag != null || type == Node.Type.NULL) {
                throw refuse(line, "a key must be a plain text");
            }
            key(line, text);
            return;
        }
        // An anchored scalar is shared with its aliases: its text must not be replaced for one of them alone.
        add(new Node.Scalar(at(line), tag, text, type, anchor == null ? span : null), 1, anchor);
    }

    /** A lone surrogate has no form in UTF-8: no digest, journal or response could contain it. */
    private void whole(int line, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!Character.isSurrogatePair(text.charAt(i), i + 1 < text.length() ? text.charAt(i + 1) : ' ')) {
                    throw refuse(
                            line,
                            String.format(
                                    "holds half a character (the escape of U+%04X alone); write the whole character",
                                    (int) text.charAt(i)));
                }
                i++;
            }
        }
    }

    void alias(int line, String anchor) {
        Sized target = anchors.get(anchor);
        if (target == null) {
            throw refuse(line, "*" + anchor + " names no anchor that is complete before it");
        }
        if (expectsKey()) {
            throw refuse(line, "a key must be a plain text, not an alias");
        }
        add(target.node(), target.size(), null);
    }

    /** The finished tree, with the path of every node. */
    Node finish() {
        if (root == null) {
            throw new InputException(SourceLocation.of(file), "is empty");
        }
        return located(root, SourceLocation.of(file), 0);
    }

    InputException refuse(int line, String text) {
        return new InputException(at(line), text);
    }

    private SourceLocation at(int line) {
        return SourceLocation.of(file).at(line);
    }

    private boolean expectsKey() {
        return !open.isEmpty() && open.peek().mapping && !open.peek().hasKey;
    }

    private void key(int line, String text) {
        Open map = open.peek();
        map.hasKey = true;
        map.key = text;
        map.keyLine = line;
    }

    private void add(Node node, long size, String anchor) {
        if (anchor != null) {
            anchors.put(anchor, new Sized(node, size));
        }
        Open parent = open.peek();
        if (parent == null) {
            root = node;
            return;
        }
        parent.size += size;
        if (parent.size > limits.nodes()) {
            throw refuse(
                    node.where().line(),
                    "holds more than " + limits.nodes() + " values, aliases counted each time; write fewer");
        }
        if (!parent.mapping) {
            parent.items.add(node);
            return;
        }
        var member = new Node.Member(parent.key, at(parent.keyLine), node);
        var before = parent.members.putIfAbsent(parent.key, member);
        if (before != null) {
            problems.add(
                    at(parent.keyLine),
                    "key '" + parent.key + "' is given twice, first in line "
                            + before.where().line() + "; keep one of them");
        }
        parent.hasKey = false;
    }

    /** The depth limit ends the recursion, and the node limit ends the copies. */
    private Node located(Node node, SourceLocation where, int depth) {
        if (depth > limits.depth()) {
            throw new InputException(where, "is nested more than " + limits.depth() + " levels deep");
        }
        SourceLocation here = where.at(node.where().line());
        if (node instanceof Node.Scalar scalar) {
            return new Node.Scalar(here, scalar.tag(), scalar.text(), scalar.type(), scalar.span());
        }
        if (node instanceof Node.Sequence list) {
            var items = new ArrayList<Node>(list.items().size());
            for (int i = 0; i < list.items().size(); i++) {
                Node item = list.items().get(i);
                items.add(located(item, here.item(item.where().line(), index(item, i)), depth + 1));
            }
            return new Node.Sequence(here, list.tag(), List.copyOf(items));
        }
        var mapping = (Node.Mapping) node;
        var members = new ArrayList<Node.Member>(mapping.members().size());
        for (var member : mapping.members()) {
            SourceLocation key = here.member(member.where().line(), member.key());
            members.add(new Node.Member(member.key(), key, located(member.value(), key, depth + 1)));
        }
        return new Node.Mapping(here, mapping.tag(), List.copyOf(members));
    }

    /** People find {@code targets[api]} faster than {@code targets[3]}. */
    private static String index(Node item, int number) {
        if (item instanceof Node.Mapping mapping
                && mapping.get("name").orElse(null) instanceof Node.Scalar name
                && name.text().matches("[A-Za-z0-9_.-]{1,64}")) {
            return name.text();
        }
        return String.valueOf(number);
    }
}
