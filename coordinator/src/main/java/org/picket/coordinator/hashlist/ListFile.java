package org.picket.coordinator.hashlist;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.Reader;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.picket.coordinator.policy.Fault;
import org.picket.coordinator.policy.HashType;
import org.picket.proto.v1.ListEntry;

/// Reads a file of hashes. One of three forms, told apart by the first line that says something:
///
/// - one hash a line;
/// - `TYPE HASH` a line, as local file exchanges have it; the type is `pdq`, `md5` or `sha256`, with or without
///   `HASH_` before it;
/// - comma-separated values with a header that names `hash`, and may name `type`, `quality`, `label`, `source`
///   and `added_at`, in any order. What `source` says is not kept: the list has one.
///
/// `#` begins a line that is a remark. Faults name line and column, never the hash. For one use by one thread.
public final class ListFile {
    /// Faults told of one file.
    public static final int FAULT_LIMIT = 20;

    private static final int LINE_LIMIT = 4_096;
    private static final int BEST_QUALITY = 100;
    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]*");
    private static final String TYPE_PREFIX = "hash_";

    private final Optional<HashType> type;
    private final int minQuality;
    private final Consumer<ListEntry> sink;
    private final List<Fault> faults = new ArrayList<>();
    private Optional<ListColumns> columns = Optional.empty();
    private boolean begun;
    private int number;
    private long entries;
    private long poor;

    /// What came of a file.
    ///
    /// @param entries handed over
    /// @param poor left out, since the pictures that they were made of have too little quality
    /// @param faults where there is one, nothing of the file is to be used
    public record Read(long entries, long poor, List<Fault> faults) {}

    /// @param type of hashes that come without one
    /// @param minQuality PDQ hashes of less, where it is told, are left out
    /// @param sink gets every entry
    public ListFile(Optional<HashType> type, int minQuality, Consumer<ListEntry> sink) {
        this.type = type;
        this.minQuality = minQuality;
        this.sink = sink;
    }

    /// Reads to the end, or until there are too many faults or a line that is none.
    public Read read(Reader reader) throws IOException {
        Lines lines = new Lines(reader, LINE_LIMIT);
        for (Optional<String> next = lines.next();
                next.isPresent() && faults.size() < FAULT_LIMIT;
                next = lines.next()) {
            number++;
            String line =
                    number == 1 && next.get().startsWith("\uFEFF") ? next.get().substring(1) : next.get();
            if (line.length() > LINE_LIMIT) {
                fault(LINE_LIMIT, "a line has at most " + LINE_LIMIT + " characters; what follows was not read");
                break;
            }
            if (!line.isBlank() && !line.stripLeading().startsWith("#")) {
                line(line);
            }
        }
        if (entries + poor == 0 && faults.isEmpty()) {
            faults.add(new Fault(1, 1, "the file has no hash"));
        }
        return new Read(entries, poor, List.copyOf(faults));
    }

    private void fault(int column, String message) {
        faults.add(new Fault(number, Math.max(1, column), message));
    }

    private void line(String line) {
        if (!begun) {
            begun = true;
            columns = ListColumns.header(line);
            if (columns.isPresent()) {
                return;
            }
        }
        if (columns.isPresent()) {
            row(line, columns.get());
        } else {
            plain(line);
        }
    }

    private void plain(String line) {
        String entry = line.strip();
        int start = line.indexOf(entry) + 1;
        int space = entry.indexOf(' ') < 0 ? entry.indexOf('\t') : entry.indexOf(' ');
        if (space < 0) {
            typed(type, start, start, entry, ListEntry.newBuilder());
            return;
        }
        String hash = entry.substring(space).strip();
        Optional<HashType> named = named(entry.substring(0, space));
        if (named.isEmpty()) {
            fault(start, "\"" + shown(entry.substring(0, space)) + "\" is no type of hash: pdq, md5 or sha256");
        } else {
            typed(named, start, start + entry.indexOf(hash, space), hash, ListEntry.newBuilder());
        }
    }

    private static Optional<HashType> named(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        return HashType.ofWord(lower.startsWith(TYPE_PREFIX) ? lower.substring(TYPE_PREFIX.length()) : lower);
    }

    private void row(String line, ListColumns header) {
        Optional<List<ListColumns.Cell>> cells = ListColumns.cells(line);
        if (cells.isEmpty()) {
            fault(line.indexOf('"') + 1, "a quotation mark is not closed");
            return;
        }
        ListColumns.Cell hash = header.cell("hash", cells.get());
        ListColumns.Cell quality = header.cell("quality", cells.get());
        ListColumns.Cell added = header.cell("added_at", cells.get());
        ListColumns.Cell kind = header.cell("type", cells.get());
        Optional<HashType> own = kind.text().isEmpty() ? type : named(kind.text());
        if (own.isEmpty() && !kind.text().isEmpty()) {
            fault(kind.column(), "\"" + shown(kind.text()) + "\" is no type of hash: pdq, md5 or sha256");
            return;
        }
        Optional<Integer> best = quality(quality);
        Optional<Long> when = added(added);
        if (best.isEmpty()) {
            fault(quality.column(), "a quality is a number of 0 to " + BEST_QUALITY);
        } else if (when.isEmpty()) {
            fault(added.column(), "`added_at` is a date or an instant, such as 2026-01-31 or 2026-01-31T12:00:00Z");
        } else {
            typed(
                    own,
                    hash.column(),
                    hash.column(),
                    hash.text(),
                    ListEntry.newBuilder()
                            .setQuality(best.get())
                            .setLabel(header.cell("label", cells.get()).text())
                            .setAddedMillis(when.get()));
        }
    }

    private static Optional<Integer> quality(ListColumns.Cell cell) {
        try {
            return Optional.of(cell.text().isEmpty() ? 0 : Integer.parseInt(cell.text()))
                    .filter(value -> value >= 0 && value <= BEST_QUALITY);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<Long> added(ListColumns.Cell cell) {
        String text = cell.text();
        try {
            if (text.isEmpty()) {
                return Optional.of(0L);
            }
            return Optional.of(
                    text.indexOf('T') < 0
                            ? LocalDate.parse(text)
                                    .atStartOfDay(ZoneOffset.UTC)
                                    .toInstant()
                                    .toEpochMilli()
                            : Instant.parse(text).toEpochMilli());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private void typed(Optional<HashType> own, int typeColumn, int column, String hash, ListEntry.Builder entry) {
        if (own.isEmpty()) {
            fault(typeColumn, "of which type is this hash? Say so before it (`pdq HASH`), or for all by --type");
            return;
        }
        int digits = 2 * own.get().bytes();
        if (hash.length() != digits || !HEX.matcher(hash).matches()) {
            fault(
                    column + wrong(hash, digits),
                    "a hash of type " + own.get().word() + " has " + digits + " hexadecimal digits");
            return;
        }
        if (own.get() == HashType.PDQ && entry.getQuality() > 0 && entry.getQuality() < minQuality) {
            poor++;
            return;
        }
        entries++;
        sink.accept(entry.setTypeValue(own.get().code())
                .setValue(ByteString.copyFrom(HexFormat.of().parseHex(hash)))
                .build());
    }

    /// Where it goes wrong: at the first character that is no digit, or where it ends or should.
    private static int wrong(String hash, int digits) {
        for (int i = 0; i < Math.min(hash.length(), digits); i++) {
            if (Character.digit(hash.charAt(i), 16) < 0) {
                return i;
            }
        }
        return Math.min(hash.length(), digits);
    }

    /// A word, where it is short enough to be one: what may be a hash is not shown.
    private static String shown(String word) {
        return word.length() <= 20 ? word.replaceAll("\\p{Cntrl}", "?") : "…";
    }
}
