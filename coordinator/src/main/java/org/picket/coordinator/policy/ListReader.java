package org.picket.coordinator.policy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.picket.coordinator.policy.Place.Spot;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.PolicyFile;

/// Reads lists of known content, with the files that they name. For one thread.
final class ListReader {
    /// Bytes of one list file: as many entries as fit, with a remark each.
    static final long FILE_LIMIT_BYTES = 8L * 1024 * 1024;

    /// Faults told of one list file.
    static final int FILE_FAULT_LIMIT = 10;

    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]{64}");

    private final Reading reading;
    private final Optional<Path> base;

    /// @param base the folder of list files; empty: there may be none
    ListReader(Reading reading, Optional<Path> base) {
        this.reading = reading;
        this.base = base.map(folder -> folder.toAbsolutePath().normalize());
    }

    Optional<HashList> list(Place place, PolicyFile.HashList list) {
        reading.ruleId(place.at(PolicyFile.HashList.ID_FIELD_NUMBER), "the list's id", list.getId());
        var hashes = new ArrayList<Digest>();
        for (int i = 0; i < list.getSha256Count(); i++) {
            var hash = hash(list.getSha256(i));
            hash.ifPresent(hashes::add);
            if (hash.isEmpty()) {
                reading.fault(
                        place.at(PolicyFile.HashList.SHA256_FIELD_NUMBER, i),
                        "entry " + (i + 1) + " of list \"" + list.getId() + "\" is not 64 hexadecimal digits");
            }
        }
        for (int i = 0; i < list.getFileCount(); i++) {
            file(place.at(PolicyFile.HashList.FILE_FIELD_NUMBER, i), list.getFile(i), hashes);
        }
        if (list.getSha256Count() + list.getFileCount() == 0) {
            reading.fault(place.start(), "list \"" + list.getId() + "\" is empty: give it `sha256` or `file`");
        }
        return kind(place, list).map(kind -> new HashList(list.getId(), kind, ContentHashes.of(hashes)));
    }

    private Optional<HashList.Kind> kind(Place place, PolicyFile.HashList list) {
        return switch (list.getKind()) {
            case ALLOW -> {
                if (!list.getCategory().isEmpty() || list.getActionValue() != 0) {
                    reading.fault(place.start(), "`category` and `action` go with DENY lists only");
                }
                yield Optional.of(new HashList.Allow());
            }
            case DENY -> {
                reading.identifier(
                        place.at(PolicyFile.HashList.CATEGORY_FIELD_NUMBER), "the list's category", list.getCategory());
                yield Optional.of(new HashList.Deny(list.getCategory(), ScoringReader.action(list.getAction())));
            }
            case KIND_UNSPECIFIED, UNRECOGNIZED -> {
                reading.fault(place.start(), "list \"" + list.getId() + "\" needs a `kind`: ALLOW or DENY");
                yield Optional.empty();
            }
        };
    }

    private void file(Spot spot, String name, List<Digest> into) {
        if (base.isEmpty()) {
            reading.fault(
                    spot,
                    "list file \"" + name + "\" does not travel with the policy's text: write its entries there, each"
                            + " as `sha256: \"…\"`");
            return;
        }
        Path path;
        try {
            path = base.get().resolve(name).normalize();
        } catch (InvalidPathException e) {
            reading.fault(spot, "\"" + name + "\" is not the name of a file");
            return;
        }
        if (name.isEmpty() || Path.of(name).isAbsolute() || !path.startsWith(base.get())) {
            reading.fault(spot, "list file \"" + name + "\" is not inside the policy's folder; give a relative path");
            return;
        }
        try {
            if (!Files.isRegularFile(path)) {
                reading.fault(spot, "there is no list file \"" + name + "\" in the policy's folder");
            } else if (Files.size(path) > FILE_LIMIT_BYTES) {
                reading.fault(
                        spot,
                        "list file \"" + name + "\" is larger than " + FILE_LIMIT_BYTES + " bytes; "
                                + PolicyReader.LONG_LISTS);
            } else {
                lines(spot, name, path, into);
            }
        } catch (MalformedInputException e) {
            reading.fault(spot, "list file \"" + name + "\" is not text in UTF-8");
        } catch (IOException e) {
            reading.fault(spot, "list file \"" + name + "\" cannot be read: " + e.getMessage());
        }
    }

    /// From 64 hexadecimal digits of either case; empty for anything else.
    private static Optional<Digest> hash(String hex) {
        return HEX.matcher(hex).matches() ? Optional.of(Digest.parseHex(hex)) : Optional.empty();
    }

    private void lines(Spot spot, String name, Path path, List<Digest> into) throws IOException {
        var decoder = StandardCharsets.UTF_8.newDecoder();
        try (var reader = new BufferedReader(new InputStreamReader(Files.newInputStream(path), decoder))) {
            int number = 0;
            int faulty = 0;
            // One entry too many is enough to know that they are.
            for (var line = reader.readLine();
                    line != null && faulty < FILE_FAULT_LIMIT && into.size() <= PolicyReader.ENTRY_LIMIT;
                    line = reader.readLine()) {
                number++;
                int comment = line.indexOf('#');
                var entry = (comment < 0 ? line : line.substring(0, comment)).strip();
                if (entry.isEmpty()) {
                    continue;
                }
                var hash = hash(entry);
                hash.ifPresent(into::add);
                if (hash.isEmpty()) {
                    faulty++;
                    reading.fault(
                            spot,
                            "list file \"" + name + "\", line " + number
                                    + ", is not one SHA-256 of 64 hexadecimal digits");
                }
            }
        }
    }
}
