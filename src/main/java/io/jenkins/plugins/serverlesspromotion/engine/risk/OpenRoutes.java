package io.jenkins.plugins.serverlesspromotion.engine.risk;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Finds routes of APIs that anyone may call, in every form that API Gateway and SAM accept. */
final class OpenRoutes {
    private static final String PRIVATE = "a private endpoint";

    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "patch", "head", "x-amazon-apigateway-any-method");

    private final ResolvedTemplate before;
    private final ResolvedTemplate after;
    private final Risks risks;

    OpenRoutes(ResolvedTemplate before, ResolvedTemplate after, Risks risks) {
        this.before = before;
        this.after = after;
        this.risks = risks;
    }

    /**
     * @param resource that it is written in
     * @param authorizer null when it has none
     * @param key whether it requires an API key, which identifies customers and is not an authorization
     */
    private record Route(ResolvedTemplate.Resource resource, String name, String path, String authorizer, boolean key) {
        Route(ResolvedTemplate.Resource resource, String name, String path, String authorizer) {
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

    private static Map<String, Route> routes(ResolvedTemplate resolvedTemplate) {
        var routes = new LinkedHashMap<String, Route>();
        for (ResolvedTemplate.Resource resource : resolvedTemplate.resources().values()) {
            switch (resource.type()) {
                case "AWS::ApiGateway::Method" -> method(resolvedTemplate, resource, routes);
                case "AWS::ApiGatewayV2::Route" -> route(resolvedTemplate, resource, routes);
                case "AWS::Serverless::Function", "AWS::Serverless::StateMachine" ->
                    events(resolvedTemplate, resource, routes);
                case "AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api" -> {
                    if (resource.property("Target") != null) {
                        // "Quick create" makes a route for every path, which cannot have an authorizer.
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

    private static void method(
            ResolvedTemplate resolvedTemplate, ResolvedTemplate.Resource resource, Map<String, Route> routes) {
        String verb = String.valueOf(TemplateQuery.shown(resource.property("HttpMethod")));
        if (verb.equalsIgnoreCase("OPTIONS")) {
            return;
        }
        String api = String.valueOf(TemplateQuery.shown(resource.property("RestApiId")));
        ResolvedTemplate.Resource owner = resolvedTemplate.resources().get(api.replaceAll("[${}]", ""));
        boolean closed = owner != null && isPrivate(owner);
        routes.put(
                resource.type() + " " + resource.id(),
                new Route(
                        resource,
                        verb,
                        resource.path("AuthorizationType"),
                        closed ? PRIVATE : type(resource),
                        TemplateQuery.isSurelyTrue(resource.property("ApiKeyRequired"))));
    }

    private static String type(ResolvedTemplate.Resource resource) {
        Object type = resource.property("AuthorizationType");
        return TemplateQuery.mayBeNothing(type) || TemplateQuery.texts(type).contains("NONE")
                ? null
                : TemplateQuery.shown(type);
    }

    private static void route(
            ResolvedTemplate resolvedTemplate, ResolvedTemplate.Resource resource, Map<String, Route> routes) {
        String key = String.valueOf(TemplateQuery.shown(resource.property("RouteKey")));
        String api = String.valueOf(TemplateQuery.shown(resource.property("ApiId")));
        ResolvedTemplate.Resource owner = resolvedTemplate.resources().get(api.replaceAll("[${}]", ""));
        boolean socket = owner != null
                && TemplateQuery.texts(owner.property("ProtocolType")).contains("WEBSOCKET");
        // In a WebSocket API only the connection can be authorized, and an OPTIONS request has no credentials.
        if (socket ? !key.equals("$connect") : key.startsWith("OPTIONS ")) {
            return;
        }
        routes.put(api + " " + key, new Route(resource, key, resource.path("AuthorizationType"), type(resource)));
    }

    private static String defaultAuthorizer(ResolvedTemplate.Resource api) {
        if (api == null) {
            return null;
        }
        Object authorizer = api.property("Auth", "DefaultAuthorizer");
        boolean none = TemplateQuery.mayBeNothing(authorizer)
                || TemplateQuery.texts(authorizer).contains("NONE");
        return none ? null : TemplateQuery.shown(authorizer);
    }

    /** Whether every alternative of OpenAPI's {@code security} requires something. */
    private static boolean isRequired(Object security) {
        List<Object> alternatives = TemplateQuery.list(security);
        return !TemplateQuery.mayBeNothing(security)
                && !alternatives.isEmpty()
                && alternatives.stream().noneMatch(a -> TemplateQuery.map(a).isEmpty());
    }

    private static boolean isPrivate(ResolvedTemplate.Resource api) {
        Object endpoint = api.property("EndpointConfiguration");
        Object types = TemplateQuery.at(endpoint, "Type") == null
                ? TemplateQuery.at(endpoint, "Types")
                : TemplateQuery.at(endpoint, "Type");
        List<String> written = TemplateQuery.texts(types == null ? endpoint : types);
        return !TemplateQuery.mayBeNothing(endpoint)
                && !written.isEmpty()
                && written.stream().allMatch("PRIVATE"::equals);
    }

    private static void events(
            ResolvedTemplate resolvedTemplate, ResolvedTemplate.Resource function, Map<String, Route> routes) {
        TemplateQuery.map(function.property("Events")).forEach((name, event) -> {
            String type = String.valueOf(TemplateQuery.at(event, "Type"));
            if (!type.equals("Api") && !type.equals("HttpApi")) {
                return;
            }
            Object properties = TemplateQuery.at(event, "Properties");
            Object named = TemplateQuery.at(properties, type.equals("Api") ? "RestApiId" : "ApiId");
            String implicit = type.equals("Api") ? "${ServerlessRestApi}" : "${ServerlessHttpApi}";
            String reference = named == null ? implicit : String.valueOf(TemplateQuery.shown(named));
            ResolvedTemplate.Resource api = resolvedTemplate.resources().get(reference.replaceAll("[${}]", ""));
            String verb = String.valueOf(TemplateQuery.shown(TemplateQuery.at(properties, "Method")))
                    .toUpperCase(Locale.ROOT);
            String path = String.valueOf(TemplateQuery.shown(TemplateQuery.at(properties, "Path")));
            // With an OpenAPI document of its own, the API has the routes and authorizers of that document.
            boolean documented =
                    api != null && (api.property("DefinitionBody") != null || api.property("DefinitionUri") != null);
            if (verb.equals("OPTIONS") || documented) {
                return;
            }
            Object own = TemplateQuery.at(properties, "Auth", "Authorizer");
            String authorizer = own == null
                    ? defaultAuthorizer(api)
                    : TemplateQuery.texts(own).contains("NONE") ? null : TemplateQuery.shown(own);
            if (authorizer == null && api != null && isPrivate(api)) {
                authorizer = PRIVATE;
            }
            Object key = TemplateQuery.at(properties, "Auth", "ApiKeyRequired");
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
                            TemplateQuery.isSurelyTrue(key)));
        });
    }

    /** An OpenAPI document in the template. */
    private static void definition(
            ResolvedTemplate.Resource api,
            Object document,
            String property,
            String authorizer,
            Map<String, Route> routes) {
        Object root = TemplateQuery.at(document, "security");
        String all = isRequired(root) ? TemplateQuery.shown(root) : authorizer;
        TemplateQuery.map(TemplateQuery.at(document, "paths")).forEach((path, verbs) -> {
            var known = new TreeSet<>(TemplateQuery.map(verbs).keySet());
            known.retainAll(METHODS);
            for (String verb : known) {
                Object operation = TemplateQuery.at(verbs, verb);
                Object own = TemplateQuery.at(operation, "security");
                Object signed = TemplateQuery.at(operation, "x-amazon-apigateway-auth", "type");
                boolean iam = signed != null && !TemplateQuery.texts(signed).contains("NONE");
                String alone = own == null ? all : isRequired(own) ? TemplateQuery.shown(own) : null;
                String by = isPrivate(api) ? PRIVATE : iam ? TemplateQuery.shown(signed) : alone;
                String shown = verb.startsWith("x-") ? "ANY" : verb.toUpperCase(Locale.ROOT);
                routes.putIfAbsent(
                        "${" + api.id() + "} " + shown + " " + path,
                        new Route(api, shown + " " + path, api.path(property + ".paths." + path + "." + verb), by));
            }
        });
    }
}
