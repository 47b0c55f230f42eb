package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** The regional things of one account in one region. */
final class Region implements Serializable {
    private static final long serialVersionUID = 1L;

    final String account;
    final String name;
    /** Stacks by ARN, deleted ones included. */
    final Map<String, Stack> stacks = new LinkedHashMap<>();

    final Map<String, ChangeSet> changeSets = new LinkedHashMap<>();
    final Map<String, Export> exports = new TreeMap<>();
    final Map<String, Function> functions = new TreeMap<>();
    final Map<String, Parameter> parameters = new TreeMap<>();
    final Map<String, Secret> secrets = new TreeMap<>();
    final Map<String, Alarm> alarms = new TreeMap<>();
    /** Resources the sandbox only records: type and physical id to properties. */
    final Map<String, JsonNode> others = new TreeMap<>();

    record Export(String name, String value, String stackId) implements Serializable {}

    Region(String account, String name) {
        this.account = account;
        this.name = name;
    }

    String arn(String service, String rest) {
        return "arn:aws:" + service + ":" + name + ":" + account + ":" + rest;
    }

    /** Prefix of resource keys in the log and in the history. */
    String key(String rest) {
        return account + "/" + name + "/" + rest;
    }
}
