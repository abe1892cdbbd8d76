package org.picket.cli;

import com.google.protobuf.ByteString;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.picket.coordinator.hashlist.ListFile;
import org.picket.coordinator.policy.HashType;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.AddEntriesRequest;
import org.picket.proto.v1.BeginImportRequest;
import org.picket.proto.v1.FinishImportRequest;
import org.picket.proto.v1.FinishImportResponse;
import org.picket.proto.v1.HashListsGrpc.HashListsBlockingStub;
import org.picket.proto.v1.ListEntry;
import org.picket.proto.v1.ListKind;
import org.picket.proto.v1.ListTerms;
import org.picket.proto.v1.Span;
import org.picket.runtime.terminal.Amounts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Imports a file of hashes.
@Command(
        name = "import",
        description = "imports a file: one hash a line, 'TYPE HASH' a line, or CSV with a header"
                + " (hash,type,quality,label,source,added_at); all of it, or with a fault nothing")
final class ListsImport implements Callable<Integer> {
    private static final long PATIENCE_MINUTES = 60;

    @Mixin
    private CommonOptions common;

    @Mixin
    private CoordinatorsOption coordinators;

    @Parameters(paramLabel = "FILE")
    private Path file;

    @Option(names = "--kind", required = true, paramLabel = "deny|allow", description = "what being on it means")
    private String kind;

    @Option(
            names = "--type",
            paramLabel = "sha256|md5|pdq",
            description = "of hashes that come without one. An allow list of md5 or pdq can be abused by who makes"
                    + " pictures that match it on purpose; prefer sha256")
    private String type;

    @Option(names = "--category", paramLabel = "NAME", description = "what findings are called; for deny")
    private String category;

    @Option(names = "--source", required = true, paramLabel = "NAME", description = "who made the list")
    private String source;

    @Option(names = "--expires", paramLabel = "WHEN", description = "a date (2027-01-31), an instant, or a span (90d)")
    private String expires;

    @Option(
            names = "--trust",
            paramLabel = "1|2|3",
            description = "1 (default): matches may be quarantined where the mode says so; else they are only shown")
    private int trust = 1;

    @Option(names = "--max-distance", paramLabel = "BITS", description = "pdq: matches within so many bits (31)")
    private int maxDistance = 31;

    @Option(names = "--min-quality", paramLabel = "N", description = "pdq: pictures of less match nothing (50)")
    private int minQuality = 50;

    @Option(names = "--json", description = "one JSON object")
    private boolean json;

    @Override
    public Integer call() {
        ListKind wanted = switch (kind) {
            case "deny" -> ListKind.DENY;
            case "allow" -> ListKind.ALLOW;
            default -> throw new UsageFault("--kind " + kind + " is neither deny nor allow");
        };
        Optional<String> named = Optional.ofNullable(category);
        if (named.isPresent() != (wanted == ListKind.DENY)) {
            throw new UsageFault(
                    wanted == ListKind.DENY
                            ? "a deny list needs a --category: what its findings are called"
                            : "--category goes with --kind deny: nothing is found by an allow list");
        }
        Optional<HashType> common = Optional.ofNullable(type)
                .map(word -> HashType.ofWord(word)
                        .orElseThrow(() -> new UsageFault("--type " + word + " is none of sha256, md5 and pdq")));
        Optional<Duration> span = Optional.ofNullable(expires).map(When::fromNow);
        Digest digest = checked(common);
        ListTerms.Builder terms = ListTerms.newBuilder()
                .setKind(wanted)
                .setSource(source)
                .setTrust(trust)
                .setMaxDistance(maxDistance)
                .setMinQuality(minQuality);
        named.ifPresent(terms::setCategory);
        try (Administration administration = Administration.open(this.common.configuration())) {
            return send(administration, terms.build(), digest, span, common);
        }
    }

    /// Reads the file without using it; returns its digest.
    private Digest checked(Optional<HashType> common) {
        MessageDigest running = Digest.sha256();
        ListFile.Read read = read(common, running, entry -> {});
        if (!read.faults().isEmpty()) {
            throw new UsageFault("nothing was imported; the file is not in order:\n  "
                    + String.join(
                            "\n  ",
                            read.faults().stream()
                                    .map(fault -> file + ":" + fault)
                                    .toList()));
        }
        return Digest.finish(running);
    }

    private ListFile.Read read(Optional<HashType> common, MessageDigest running, Consumer<ListEntry> sink) {
        try (InputStream bytes = new DigestInputStream(Files.newInputStream(file), running);
                BufferedReader reader =
                        new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder()))) {
            return new ListFile(common, minQuality, sink).read(reader);
        } catch (CharacterCodingException e) {
            throw new UsageFault(file + " is not text in UTF-8", e);
        } catch (NoSuchFileException e) {
            throw new UsageFault(file + " is not there; check the path", e);
        } catch (IOException e) {
            throw new UsageFault(file + " cannot be read (" + e + "); check its permissions", e);
        }
    }

    private int send(
            Administration administration,
            ListTerms terms,
            Digest digest,
            Optional<Duration> span,
            Optional<HashType> common) {
        BeginImportRequest.Builder begin = BeginImportRequest.newBuilder()
                .setTerms(terms)
                .setFileSha256(digest.bytes())
                .setImportedBy(administration.orderedBy());
        span.ifPresent(length -> begin.setExpiresIn(Span.newBuilder().setMilliseconds(length.toMillis())));
        long id = administration
                .ask(() -> administration.hashLists().begin(begin.build()))
                .getImportId();
        List<ListEntry> page = new ArrayList<>(Limits.LIST_ENTRIES);
        MessageDigest running = Digest.sha256();
        ListFile.Read read = read(common, running, entry -> {
            page.add(entry);
            if (page.size() == Limits.LIST_ENTRIES) {
                add(administration, id, page);
            }
        });
        add(administration, id, page);
        if (!Digest.finish(running).equals(digest)) {
            throw new UsageFault(file + " was changed while it was read; nothing was imported");
        }
        // Once: an import that is finished is not there to be finished again.
        FinishImportResponse done = patient(administration.hashLists())
                .finish(FinishImportRequest.newBuilder().setImportId(id).build());
        if (json) {
            System.out.println(new Json()
                    .put("list", done.getListId())
                    .put("added", done.getAdded())
                    .put("present", done.getPresent())
                    .put("poor", read.poor()));
            return Exit.COMPLETE;
        }
        System.out.println("list " + done.getListId() + ": " + Amounts.count(done.getAdded()) + " added, "
                + Amounts.count(done.getPresent()) + " there already"
                + (read.poor() == 0 ? "" : ", " + Amounts.count(read.poor()) + " of too little quality left out"));
        System.out.println("It counts from the next scan on. Pictures that were looked at before are read again where"
                + " they must be; none of them is scored again.");
        return Exit.COMPLETE;
    }

    private static void add(Administration administration, long id, List<ListEntry> page) {
        if (!page.isEmpty()) {
            AddEntriesRequest request = AddEntriesRequest.newBuilder()
                    .setImportId(id)
                    .addAllEntries(page)
                    .build();
            administration.ask(() -> administration.hashLists().add(request));
            page.clear();
        }
    }

    /// For calls that look through all that is there: minutes for ten million hashes.
    static HashListsBlockingStub patient(HashListsBlockingStub lists) {
        return lists.withDeadlineAfter(PATIENCE_MINUTES, TimeUnit.MINUTES);
    }

    /// The bytes of a hash as a person writes it.
    static ByteString hash(String hex) {
        try {
            return ByteString.fromHex(hex);
        } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
            throw new UsageFault("neither the number of a list nor a hash in hexadecimal digits", e);
        }
    }
}
