package io.jenkins.plugins.serverlesspromotion.engine.risk;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Routes of APIs that anybody may call, however API Gateway and SAM let one write them. */
final class OpenRoutes {
    private static final String PRIVATE = "a private endpoint";

    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "patch", "head", "x-amazon-apigateway-any-method");

    private final Side before;
    private final Side after;
    private final Risks risks;

    OpenRoutes(Side before, Side after, Risks risks) {
        this.before = before;
        this.after = after;
        this.risks = risks;
    }

    /**
     * @param resource that it is written in
     * @param authorizer null when it has none
     * @param key whether it asks for an API key, which tells customers apart and keeps nobody out who has one
     */
    private record Route(Side.Resource resource, String name, String path, String authorizer, boolean key) {
        Route(Side.Resource resource, String name, String path, String authorizer) {
            this(resource, name, path, authorizer, false);
        }

        boolean isMoreOpenThan(Route was) {
            return authorizer == null && (was == null || was.authorizer != null || was.key && !key);
        }

        String shown() {
            return authorizer != null ? authorizer : key ? "an API key" : null;
        }
    }

    void find() {
        Map<String, Route> were = routes(before);
        routes(after).forEach((key, route) -> {
            Route was = were.get(key);
            if (route.isMoreOpenThan(was)) {
                risks.add(
                        Risks.PUBLIC_EXPOSURE,
                        route.resource().id(),
                        route.resource().named() + ": " + route.name() + " can be called by anybody",
                        route.path(),
                        was == null ? null : was.shown(),
                        route.key() ? "an API key" : "no authorizer");
            }
        });
    }

    private static Map<String, Route> routes(Side side) {
        var routes = new LinkedHashMap<String, Route>();
        for (Side.Resource resource : side.resources().values()) {
            switch (resource.type()) {
                case "AWS::ApiGateway::Method" -> method(side, resource, routes);
                case "AWS::ApiGatewayV2::Route" -> route(side, resource, routes);
                case "AWS::Serverless::Function", "AWS::Serverless::StateMachine" -> events(side, resource, routes);
                case "AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api" -> {
                    if (resource.property("Target") != null) {
                        // "Quick create" makes a route for everything, which nothing can authorize.
                        routes.put(
                                resource.id() + " $default",
                                new Route(resource, "$default", resource.path("Target"), null));
                    }
                    definition(resource, resource.property("Body"), "Body", null, routes);
                }
                case "AWS::Serverless::Api", "AWS::Serverless::HttpApi" ->
                    definition(
                            resource,
                            resource.property("DefinitionBody"),
                            "DefinitionBody",
                            defaultAuthorizer(resource),
                            routes);
                default -> {}
            }
        }
        return routes;
    }

    private static void method(Side side, Side.Resource resource, Map<String, Route> routes) {
        String verb = String.valueOf(Tree.shown(resource.property("HttpMethod")));
        if (verb.equalsIgnoreCase("OPTIONS")) {
            return;
        }
        String api = String.valueOf(Tree.shown(resource.property("RestApiId")));
        Side.Resource owner = side.resources().get(api.replaceAll("[${}]", ""));
        boolean closed = owner != null && isPrivate(owner);
        routes.put(
                resource.type() + " " + resource.id(),
                new Route(
                        resource,
                        verb,
                        resource.path("AuthorizationType"),
                        closed ? PRIVATE : type(resource),
                        Tree.isSurelyTrue(resource.property("ApiKeyRequired"))));
    }

    private static String type(Side.Resource resource) {
        Object type = resource.property("AuthorizationType");
        return Tree.mayBeNothing(type) || Tree.texts(type).contains("NONE") ? null : Tree.shown(type);
    }

    private static void route(Side side, Side.Resource resource, Map<String, Route> routes) {
        String key = String.valueOf(Tree.shown(resource.property("RouteKey")));
        String api = String.valueOf(Tree.shown(resource.property("ApiId")));
        Side.Resource owner = side.resources().get(api.replaceAll("[${}]", ""));
        boolean socket =
                owner != null && Tree.texts(owner.property("ProtocolType")).contains("WEBSOCKET");
        // Of a WebSocket only the connection can be authorized, and an OPTIONS request carries no credentials.
        if (socket ? !key.equals("$connect") : key.startsWith("OPTIONS ")) {
            return;
        }
        routes.put(api + " " + key, new Route(resource, key, resource.path("AuthorizationType"), type(resource)));
    }

    private static String defaultAuthorizer(Side.Resource api) {
        if (api == null) {
            return null;
        }
        Object authorizer = api.property("Auth", "DefaultAuthorizer");
        boolean none = Tree.mayBeNothing(authorizer) || Tree.texts(authorizer).contains("NONE");
        return none ? null : Tree.shown(authorizer);
    }

    /** Whether every alternative of OpenAPI's {@code security} asks for something. */
    private static boolean isRequired(Object security) {
        List<Object> alternatives = Tree.list(security);
        return !Tree.mayBeNothing(security)
                && !alternatives.isEmpty()
                && alternatives.stream().noneMatch(a -> Tree.map(a).isEmpty());
    }

    private static boolean isPrivate(Side.Resource api) {
        Object endpoint = api.property("EndpointConfiguration");
        Object types = Tree.at(endpoint, "Type") == null ? Tree.at(endpoint, "Types") : Tree.at(endpoint, "Type");
        List<String> written = Tree.texts(types == null ? endpoint : types);
        return !Tree.mayBeNothing(endpoint)
                && !written.isEmpty()
                && written.stream().allMatch("PRIVATE"::equals);
    }

    private static void events(Side side, Side.Resource function, Map<String, Route> routes) {
        Tree.map(function.property("Events")).forEach((name, event) -> {
            String type = String.valueOf(Tree.at(event, "Type"));
            if (!type.equals("Api") && !type.equals("HttpApi")) {
                return;
            }
            Object properties = Tree.at(event, "Properties");
            Object named = Tree.at(properties, type.equals("Api") ? "RestApiId" : "ApiId");
            String implicit = type.equals("Api") ? "${ServerlessRestApi}" : "${ServerlessHttpApi}";
            String reference = named == null ? implicit : String.valueOf(Tree.shown(named));
            Side.Resource api = side.resources().get(reference.replaceAll("[${}]", ""));
            String verb =
                    String.valueOf(Tree.shown(Tree.at(properties, "Method"))).toUpperCase(Locale.ROOT);
            String path = String.valueOf(Tree.shown(Tree.at(properties, "Path")));
            // With a document of its own, the API has the routes and authorizers that stand there.
            boolean documented =
                    api != null && (api.property("DefinitionBody") != null || api.property("DefinitionUri") != null);
            if (verb.equals("OPTIONS") || documented) {
                return;
            }
            Object own = Tree.at(properties, "Auth", "Authorizer");
            String authorizer =
                    own == null ? defaultAuthorizer(api) : Tree.texts(own).contains("NONE") ? null : Tree.shown(own);
            if (authorizer == null && api != null && isPrivate(api)) {
                authorizer = PRIVATE;
            }
            Object key = Tree.at(properties, "Auth", "ApiKeyRequired");
            if (key == null && api != null) {
                key = api.property("Auth", "ApiKeyRequired");
            }
            routes.put(
                    reference + " " + verb + " " + path,
                    new Route(
                            function,
                            verb + " " + path,
                            function.path("Events." + name + ".Properties.Auth"),
                            authorizer,
                            Tree.isSurelyTrue(key)));
        });
    }

    /** An OpenAPI document in the template. */
    private static void definition(
            Side.Resource api, Object document, String property, String authorizer, Map<String, Route> routes) {
        Object root = Tree.at(document, "security");
        String all = isRequired(root) ? Tree.shown(root) : authorizer;
        Tree.map(Tree.at(document, "paths")).forEach((path, verbs) -> {
            var known = new TreeSet<>(Tree.map(verbs).keySet());
            known.retainAll(METHODS);
            for (String verb : known) {
                Object operation = Tree.at(verbs, verb);
                Object own = Tree.at(operation, "security");
                Object signed = Tree.at(operation, "x-amazon-apigateway-auth", "type");
                boolean iam = signed != null && !Tree.texts(signed).contains("NONE");
                String alone = own == null ? all : isRequired(own) ? Tree.shown(own) : null;
                String by = isPrivate(api) ? PRIVATE : iam ? Tree.shown(signed) : alone;
                String shown = verb.startsWith("x-") ? "ANY" : verb.toUpperCase(Locale.ROOT);
                routes.putIfAbsent(
                        "${" + api.id() + "} " + shown + " " + path,
                        new Route(api, shown + " " + path, api.path(property + ".paths." + path + "." + verb), by));
            }
        });
    }
}
