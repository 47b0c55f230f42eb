package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Checkpoint;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.audit.NoteSigner;
import io.jenkins.plugins.serverlesspromotion.engine.audit.NoteVerifier;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.RecordPage;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import io.jenkins.plugins.serverlesspromotion.store.AuditExport;
import io.jenkins.plugins.serverlesspromotion.store.ExportVerification;
import io.jenkins.plugins.serverlesspromotion.view.AuditDocument;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "audit",
        description = "The audit log: read it, export it with its proof, and check an export without this home.",
        subcommands = {
            AuditCommand.Log.class,
            AuditCommand.Export.class,
            AuditCommand.Verify.class,
            AuditCommand.Keygen.class
        },
        footer = {
            "",
            "Examples:",
            "  promotion audit log --promotion orders.prod.17",
            "  promotion audit keygen acme-audit.key --name acme-audit",
            "  promotion audit export audit.txt --sign-with acme-audit.key",
            "  promotion audit verify audit.txt --key acme-audit.key.pub"
        })
final class AuditCommand {
    private AuditCommand() {}

    @Command(
            name = "log",
            description = "Show the entries of the audit log, oldest first. Works while another process deploys.",
            footer = {
                "",
                "Examples:",
                "  promotion audit log",
                "  promotion audit log --from 5000 --limit 200",
                "  promotion audit log --promotion orders.prod.17 --json"
            })
    static final class Log extends Action {
        private static final int MOST = 1000;

        @Option(
                names = "--promotion",
                paramLabel = "ID",
                converter = PromotionId.Converter.class,
                description = "Only what concerns this promotion.")
        private PromotionId promotion;

        @Option(
                names = "--from",
                paramLabel = "SEQ",
                defaultValue = "0",
                description = "The number of the first entry; an answer that is not the last names that of the next.")
        private long from;

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "1000",
                description = "At most so many entries, 1 to 1000; fewer when they are large.")
        private int limit;

        Log(Invocation invocation) {
            super(invocation);
        }

        @Override
        public Integer call() throws Exception {
            if (from < 0 || limit < 1 || limit > MOST) {
                throw CommandException.usage("--from is 0 or more, and --limit 1 to " + MOST);
            }
            try (Home home = Home.read(invocation)) {
                if (promotion != null) {
                    home.promotion(promotion);
                }
                RecordPage page = RecordPage.of(home.store(), from, limit, this::isWanted);
                screen().result(
                                () -> AuditDocument.of(page),
                                () -> lines(page));
                return Exit.DONE;
            }
        }

        private List<String> lines(RecordPage page) {
            var lines = new ArrayList<String>();
            page.records().forEach(r -> lines.addAll(AuditView.lines(r, invocation.zone())));
            if (page.next() != null) {
                lines.add("There are more entries; the next ones with --from " + page.next());
            }
            return lines;
        }

        private boolean isWanted(JournalRecord record) {
            if (promotion == null) {
                return true;
            } else if (record.entry() instanceof Entry.LaneAdvanced advanced) {
                return advanced.events().stream().anyMatch(e -> promotion.text().equals(e.promotion()));
            }
            return record.entry() instanceof Entry.Refused refused
                    && refused.concerns(promotion.text());
        }
    }

    @Command(
            name = "export",
            description = {
                "Write the whole audit log and the proof of it into one text file, readable in twenty years without"
                        + " this program. An existing file is never overwritten."
            },
            footer = {
                "",
                "Examples:",
                "  promotion audit export audit-2026-11.txt --sign-with acme-audit.key",
                "  promotion audit export - | gzip > audit.gz"
            })
    static final class Export extends Action {
        @Parameters(paramLabel = "FILE|-", description = "The file to write, or - for standard output.")
        private String target;

        @Option(
                names = "--sign-with",
                paramLabel = "FILE",
                description =
                        "Sign it with this key of 'promotion audit keygen'. Unsigned, an export shows accidents but"
                                + " not forgery.")
        private Path key;

        Export(Invocation invocation) {
            super(invocation);
        }

        @Override
        public Integer call() throws Exception {
            NoteSigner signer = key == null ? null : KeyFile.signer(key);
            if (target.equals("-") && screen().isJson()) {
                throw CommandException.usage("--json and - both want standard output; name a file");
            }
            try (Home home = Home.read(invocation)) {
                if (target.equals("-")) {
                    screen().binary(out -> AuditExport.export(home.files(), signer, out));
                    return Exit.DONE;
                }
                Path file = Path.of(target);
                var checkpoint = new Checkpoint[1];
                NewFile.write(file, out -> checkpoint[0] = AuditExport.export(home.files(), signer, out));
                var document = new LinkedHashMap<String, Object>();
                document.put("file", file.toString());
                document.put("origin", checkpoint[0].origin());
                document.put("entries", checkpoint[0].size());
                document.put("root", checkpoint[0].root());
                document.put("signed", signer != null);
                screen().result(
                                () -> document,
                                () -> List.of(Marks.GOOD + " " + Wording.count(checkpoint[0].size(), "entry", "entries")
                                        + " in " + file
                                        + ", root " + Wording.digest(checkpoint[0].root())
                                        + (signer == null
                                                ? ", not signed"
                                                : ", signed by "
                                                        + signer.verifier().name())));
                return Exit.DONE;
            }
        }
    }

    @Command(
            name = "verify",
            description = {
                "Check an export: no entry changed, removed, added or moved. Needs only the file and, to know that"
                        + " the whole file was not rewritten, the public key. Names the first bad entry."
            },
            footer = {"", "Example:", "  promotion audit verify audit-2026-11.txt --key acme-audit.key.pub"})
    static final class Verify extends Action {
        @Parameters(paramLabel = "FILE", description = "An export of 'promotion audit export'.")
        private Path file;

        @Option(
                names = "--key",
                paramLabel = "FILE",
                description = "The public key that must have signed it, in a file or as its text.")
        private String key;

        Verify(Invocation invocation) {
            super(invocation);
        }

        @Override
        public Integer call() throws Exception {
            NoteVerifier expected = key == null ? null : KeyFile.verifier(key);
            if (!Files.isRegularFile(file)) {
                throw CommandException.usage(file + " is no file; name an export of 'promotion audit export'");
            }
            ExportVerification exportVerification;
            try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
                exportVerification = AuditExport.verify(in, new JournalCodec(), expected);
            }
            boolean valid = exportVerification.isValid()
                    && exportVerification.signature() != ExportVerification.Signature.INVALID
                    && (expected == null || exportVerification.signature() == ExportVerification.Signature.VALID);
            int exit = valid ? Exit.DONE : Exit.NO;
            screen().result(() -> document(exportVerification, valid, exit), () -> lines(exportVerification, valid));
            return exit;
        }

        private static Object document(ExportVerification exportVerification, boolean valid, int exit) {
            var document = new LinkedHashMap<String, Object>();
            document.put("holds", valid);
            document.put("from", exportVerification.from());
            document.put("entries", exportVerification.entries());
            document.put("signature", signature(exportVerification));
            if (exportVerification.root() != null) {
                document.put("root", exportVerification.root());
            }
            if (exportVerification.withheld() > 0) {
                document.put("withheld", exportVerification.withheld());
            }
            if (exportVerification.finding() != null) {
                var finding = new LinkedHashMap<String, Object>();
                finding.put("seq", exportVerification.finding().seq());
                finding.put("line", exportVerification.finding().line());
                finding.put("why", exportVerification.finding().why());
                document.put("finding", finding);
            }
            document.put("exit", exit);
            return document;
        }

        private static String signature(ExportVerification exportVerification) {
            return switch (exportVerification.signature()) {
                case VALID -> "VALID";
                case NOT_CHECKED -> "NOT_CHECKED";
                case UNSIGNED -> "UNSIGNED";
                case INVALID -> "INVALID";
            };
        }

        private List<String> lines(ExportVerification exportVerification, boolean valid) {
            var lines = new ArrayList<String>();
            if (exportVerification.finding() != null) {
                lines.add(Marks.BAD + " " + file + ", " + exportVerification.finding());
            } else if (valid) {
                lines.add(Marks.GOOD + " " + Wording.count(exportVerification.entries(), "entry", "entries")
                        + ", none changed, removed, added or moved; root " + exportVerification.root());
            }
            if (exportVerification.withheld() > 0) {
                lines.add(Marks.RISK + " "
                        + Wording.count(exportVerification.withheld(), "entry has", "entries have")
                        + " fingerprints where the journal has values of NoEcho parameters: their hashes are"
                                + " proved, and"
                        + " only a signature vouches for what is shown of them");
            }
            lines.add(
                    switch (exportVerification.signature()) {
                        // A genuine signature below entries that it was not made for proves nothing about them.
                        case VALID ->
                            valid
                                    ? Marks.GOOD + " signed by the key that was given"
                                    : Marks.BAD + " the signature of the key that was given is not for these entries:"
                                            + " what is in this file is not what was signed; get the export again from"
                                            + " where it was made";
                        case NOT_CHECKED ->
                            Marks.RISK
                                    + " signed, but the signature was not checked: the whole file may have been"
                                    + " rewritten; give --key";
                        case UNSIGNED ->
                            Marks.RISK + " not signed: this finds damage, not a file that was rewritten as a whole";
                        case INVALID -> Marks.BAD + " not signed by the key that was given";
                    });
            return lines;
        }
    }

    @Command(
            name = "keygen",
            description = {
                "Make a key pair for signing exports: the signing key in FILE, readable by you alone, and the public"
                        + " key in FILE.pub, for those who check."
            },
            footer = {"", "Example:", "  promotion audit keygen acme-audit.key --name acme-audit"})
    static final class Keygen extends Action {
        @Parameters(paramLabel = "FILE", description = "The file for the signing key; it must not exist.")
        private Path file;

        @Option(
                names = "--name",
                paramLabel = "NAME",
                defaultValue = "serverless-promotion",
                description = "The signer's name in signatures. Default: ${DEFAULT-VALUE}.")
        private String name;

        Keygen(Invocation invocation) {
            super(invocation);
        }

        @Override
        public Integer call() throws Exception {
            NoteSigner signer;
            try {
                signer = NoteSigner.generate(name, new SecureRandom());
            } catch (IllegalArgumentException e) {
                throw CommandException.usage("--name '" + name + "': " + e.getMessage());
            }
            Path pub = file.resolveSibling(file.getFileName() + ".pub");
            NewFile.absent(pub);
            NewFile.writeSecret(file, signer.text() + "\n");
            String text = signer.verifier().text();
            NewFile.write(pub, out -> out.write((text + "\n").getBytes(StandardCharsets.UTF_8)));
            var document = new LinkedHashMap<String, Object>();
            document.put("signingKey", file.toString());
            document.put("publicKey", pub.toString());
            document.put("key", text);
            screen().result(
                            () -> document,
                            () -> List.of(
                                    Marks.GOOD + " signing key in " + file + ", to be kept secret",
                                    Marks.GOOD + " public key in " + pub + ": " + text));
            return Exit.DONE;
        }
    }

    /** Keys in files. */
    private static final class KeyFile {
        static NoteSigner signer(Path file) throws IOException {
            try {
                return NoteSigner.parse(text(file));
            } catch (IllegalArgumentException e) {
                throw CommandException.no(file + ": " + e.getMessage());
            }
        }

        /** @param given a file's name, or the key itself, which always has a plus and no such file */
        static NoteVerifier verifier(String given) throws IOException {
            boolean isText = given.contains("+") && !Files.exists(Path.of(given));
            try {
                return NoteVerifier.parse(isText ? given : text(Path.of(given)));
            } catch (IllegalArgumentException e) {
                throw CommandException.no("--key " + given + ": " + e.getMessage());
            }
        }

        private static String text(Path file) {
            return new String(InputFile.read(file), StandardCharsets.UTF_8).strip();
        }
    }
}
