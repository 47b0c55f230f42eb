package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.util.List;
import java.util.Map;

/** Pages of the query protocol by NextToken. */
final class Paging {
    private Paging() {}

    static int from(Call call) {
        String token = call.param("NextToken");
        if (token == null) {
            return 0;
        }
        if (!token.matches("page-[0-9]{1,8}")) {
            throw AwsError.validation("1 validation error detected: Value '" + token + "' at 'nextToken' is invalid");
        }
        return Integer.parseInt(token.substring(5));
    }

    static String token(int from) {
        return "page-" + from;
    }

    static Map<String, Object> page(Call call, String member, List<Object> all, int size) {
        int from = Math.min(from(call), all.size());
        int to = Math.min(all.size(), from + size);
        return SandboxJson.map(member, all.subList(from, to), "NextToken", to < all.size() ? token(to) : null);
    }
}
