package io.jenkins.plugins.serverlesspromotion.format.input;

import io.jenkins.plugins.serverlesspromotion.engine.release.Names;
import java.time.DayOfWeek;
import java.time.format.TextStyle;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Patterns of whole texts. The key tables use them for the JSON Schemas, and the readers use them where a pattern alone
 * decides. Java and ECMA 262 must read them alike. Only {@code \p{Cntrl}} and the case-insensitive flag are translated
 * for the schemas.
 */
public final class TextPatterns {
    private static final String CACHE_DIRECTIVE = "(?:public|private|no-cache|no-store|no-transform|must-revalidate"
            + "|proxy-revalidate|must-understand|immutable"
            + "|(?:max-age|s-maxage|stale-while-revalidate|stale-if-error)=[0-9]{1,10})";

    /** Any text. */
    static final Pattern ANY = Pattern.compile("[\\s\\S]*");

    /** A text that is not blank. */
    static final Pattern FILLED = Pattern.compile("[\\s\\S]*\\S[\\s\\S]*");

    /** The name of a variable of a manifest. */
    public static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,63}");

    /** An environment or {@code *}, as the key of one value of a variable. */
    public static final Pattern VARIABLE_ENVIRONMENT =
            Pattern.compile("\\*|(?!(?:ssm|secret)$)" + Names.NAME.pattern());

    /** A parameter of a template. */
    public static final Pattern PARAMETER = Pattern.compile("[A-Za-z0-9]{1,255}");

    /** The key of a tag. */
    public static final Pattern TAG = Pattern.compile("(?!aws:)[\\s\\S]{1,128}");

    /** An alias of a function: Lambda API Reference, CreateAlias. */
    public static final Pattern ALIAS = Pattern.compile("(?![0-9]+$)[A-Za-z0-9_-]{1,128}");

    /** A variable of a function's environment: Lambda API Reference, Environment. */
    public static final Pattern FUNCTION_VARIABLE = Pattern.compile("[A-Za-z][A-Za-z0-9_]+");

    /** How traffic is shifted, case-insensitive. A canary has two groups: percent and minutes. */
    public static final Pattern STRATEGY =
            Pattern.compile("allAtOnce|canary([0-9]{1,4})percent([0-9]{1,4})minutes", Pattern.CASE_INSENSITIVE);

    public static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

    /** The bucket for code: a name with the region in it, and optionally the account. */
    public static final Pattern CODE_BUCKET = Pattern.compile(
            "(?:[a-z0-9.-]|\\$\\{accountId\\})*\\$\\{region\\}" + "(?:[a-z0-9.-]|\\$\\{accountId\\}|\\$\\{region\\})*");

    public static final Pattern EXTERNAL_ID = Pattern.compile("[\\w+=,.@:/-]{2,1224}");
    public static final Pattern ROLE_NAME = Pattern.compile("([\\w+=,.@-]+/)*[\\w+=,.@-]{1,64}");
    public static final Pattern ROLE_ARN =
            Pattern.compile("arn:aws[a-z-]*:iam::([0-9]{12}):role/([\\w+=,.@-]+/)*[\\w+=,.@-]{1,64}");
    public static final Pattern ROLE = Pattern.compile(ROLE_NAME.pattern() + "|" + ROLE_ARN.pattern());
    public static final Pattern ALARM_ARN =
            Pattern.compile("arn:aws[a-z-]*:cloudwatch:[a-z0-9-]+:[0-9]{12}:alarm:[^\\p{Cntrl}]{1,255}");
    public static final Pattern DOMAIN = Pattern.compile("[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+");

    /** The producer of evidence. */
    public static final Pattern PRODUCER = Pattern.compile("(job|user|key):[^\\p{Cntrl}]{1,500}");

    /** The full name of a job. */
    public static final Pattern JOB = Pattern.compile("(?=.*\\S)[^/\\p{Cntrl}]+(/[^/\\p{Cntrl}]+)*");

    /** A permission of a job. */
    public static final Pattern GRANT = Pattern.compile("publish|evidence|(?:request|rollback):[\\s\\S]*");

    /** An account and a region, which may contain references. */
    public static final Pattern PLACE = Pattern.compile("[^/]+/[^/]+");

    /** A duration; some matching texts that begin with P are not durations. */
    public static final Pattern DURATION = Pattern.compile("\\s*(?:(?:[0-9]{1,9}(?:d|h|ms|m|s))+|P\\S+)\\s*");

    /** A time of day; {@code 24:00} is the end of a day. */
    public static final Pattern CLOCK = Pattern.compile("(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00");

    public static final Pattern MOMENT =
            Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?)?");
    public static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

    /** {@code UTC}, or the name of a region; the Java runtime has the list. */
    public static final Pattern ZONE = Pattern.compile("UTC|[^\\s/]+(?:/[^\\s/]+)+");

    /** A day of the week, in full or by its first three letters, case-insensitive. */
    public static final Pattern DAY = Pattern.compile(
            "\\s*(?:MONDAY|MON|TUESDAY|TUE|WEDNESDAY|WED|THURSDAY|THU|FRIDAY|FRI|SATURDAY|SAT|SUNDAY|SUN)\\s*",
            Pattern.CASE_INSENSITIVE);

    /** A pattern of files: a relative path without {@code .} and {@code ..}, and without the braces of other tools. */
    public static final Pattern FILES = Pattern.compile(
            "(?=.{1,512}$)(?!\\.{1,2}(?:/|$))[^/\\\\{}\\p{Cntrl}]+" + "(?:/(?!\\.{1,2}(?:/|$))[^/\\\\{}\\p{Cntrl}]+)*");

    /** Directives of {@code Cache-Control} in an answer: RFC 9111, 5861 and 8246. */
    public static final Pattern CACHE_CONTROL =
            Pattern.compile(CACHE_DIRECTIVE + "(?:, ?" + CACHE_DIRECTIVE + "){0,11}");

    /** A media type with parameters (RFC 9110, 8.3.1). */
    public static final Pattern MEDIA_TYPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/"
            + "[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}(?:; ?[A-Za-z0-9-]{1,40}=[A-Za-z0-9._+-]{1,100}){0,4}");

    private TextPatterns() {}

    /** {@code MON}. */
    static String shortName(DayOfWeek day) {
        return day.getDisplayName(TextStyle.SHORT, Locale.ENGLISH).toUpperCase(Locale.ROOT);
    }
}
