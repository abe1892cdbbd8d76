package org.picket.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.picket.model.samples.SampleWriter;

/// A folder of pictures that a person has labelled: by a `manifest.csv` (`file,expected` and one column for each
/// concept, as `picket samples` writes it), or else by the names of its sub-folders: `flagged` and `cleared` say
/// what a policy ought to do, names of concepts joined by `+` say all that the pictures show, `none` that they
/// show none of them.
///
/// @param pictures labelled ones
/// @param unlabelled files of which nothing is said; they are left out
record LabelledFolder(List<LabelledPicture> pictures, int unlabelled) {
    /// No folder may have more.
    static final int MAX_PICTURES = 1_000_000;

    /// No manifest may be larger: 64 bytes a picture.
    static final long MAX_MANIFEST_BYTES = 64L << 20;

    private static final int MAX_DEPTH = 32;
    private static final String FLAGGED = "flagged";
    private static final String CLEARED = "cleared";
    private static final String NONE = "none";
    private static final Set<String> YES = Set.of("1", "yes", "true");
    private static final Set<String> NO = Set.of("0", "no", "false");

    LabelledFolder {
        pictures = List.copyOf(pictures);
    }

    /// Reads the labels.
    ///
    /// @param concepts the bundle's
    /// @throws UsageFault where there are none, or they cannot be understood
    static LabelledFolder read(Path folder, List<String> concepts) {
        if (!Files.isDirectory(folder)) {
            throw new UsageFault(folder + " is no folder; give the folder of labelled pictures");
        }
        Path manifest = folder.resolve(SampleWriter.MANIFEST);
        try {
            LabelledFolder read = Files.exists(manifest)
                    ? byManifest(folder, manifest, concepts)
                    : byFolders(folder, new HashSet<>(concepts));
            if (read.pictures().isEmpty()) {
                throw new UsageFault("no picture in " + folder + " has a label. Put them into sub-folders called "
                        + FLAGGED + " and " + CLEARED + ", or by concepts (" + concepts.getFirst() + ", "
                        + NONE + "), or write a " + SampleWriter.MANIFEST + " with the columns file and expected.");
            }
            return read;
        } catch (CharacterCodingException cause) {
            throw new UsageFault(manifest + " is not text in UTF-8; save it as that", cause);
        } catch (IOException cause) {
            throw new UsageFault(folder + " cannot be read (" + cause + "); check its permissions", cause);
        }
    }

    private static LabelledFolder byFolders(Path folder, Set<String> concepts) throws IOException {
        List<LabelledPicture> pictures = new ArrayList<>();
        int unlabelled = 0;
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder, MAX_DEPTH)) {
            files = walk.filter(Files::isRegularFile)
                    .limit(MAX_PICTURES + 1L)
                    .sorted()
                    .toList();
        }
        bounded(files.size(), folder);
        for (Path file : files) {
            Optional<Boolean> flagged = Optional.empty();
            Map<String, Boolean> shown = new HashMap<>();
            for (Path part :
                    folder.relativize(Optional.ofNullable(file.getParent()).orElse(folder))) {
                String name = part.toString();
                if (name.equals(FLAGGED) || name.equals(CLEARED)) {
                    flagged = Optional.of(name.equals(FLAGGED));
                }
                List<String> named = name.equals(NONE) ? List.of() : Arrays.asList(name.split("\\+"));
                if (concepts.containsAll(named)) {
                    concepts.forEach(concept -> shown.put(concept, named.contains(concept)));
                }
            }
            LabelledPicture picture = new LabelledPicture(file, flagged, shown);
            if (picture.labelled()) {
                pictures.add(picture);
            } else {
                unlabelled++;
            }
        }
        return new LabelledFolder(pictures, unlabelled);
    }

    private static void bounded(int count, Path folder) {
        if (count > MAX_PICTURES) {
            throw new UsageFault(folder + " has more than " + MAX_PICTURES + " files; evaluate a part of them");
        }
    }

    private static LabelledFolder byManifest(Path folder, Path manifest, List<String> concepts) throws IOException {
        if (!Files.isRegularFile(manifest) || Files.size(manifest) > MAX_MANIFEST_BYTES) {
            throw new UsageFault(manifest + " is no file, or has more than " + MAX_MANIFEST_BYTES
                    + " bytes; evaluate a part of the pictures");
        }
        List<LabelledPicture> pictures = new ArrayList<>();
        int unlabelled = 0;
        try (BufferedReader lines = Files.newBufferedReader(manifest)) {
            List<String> columns = cells(Optional.ofNullable(lines.readLine()).orElse(""));
            if (columns.isEmpty() || !columns.getFirst().equals("file")) {
                throw new UsageFault(manifest + " must begin with the line file,expected"
                        + " and perhaps concepts, as picket samples writes it");
            }
            int number = 1;
            for (Optional<String> line = line(lines); line.isPresent(); line = line(lines)) {
                number++;
                if (line.get().isBlank()) {
                    continue;
                }
                LabelledPicture picture =
                        picture(folder, manifest + ":" + number, columns, cells(line.get()), concepts);
                bounded(pictures.size(), folder);
                if (picture.labelled()) {
                    pictures.add(picture);
                } else {
                    unlabelled++;
                }
            }
        }
        return new LabelledFolder(pictures, unlabelled);
    }

    private static Optional<String> line(BufferedReader lines) throws IOException {
        return Optional.ofNullable(lines.readLine());
    }

    private static LabelledPicture picture(
            Path folder, String place, List<String> columns, List<String> cells, List<String> concepts) {
        if (cells.size() != columns.size()) {
            throw new UsageFault(place + " has " + cells.size() + " cells, not " + columns.size());
        }
        Path file = folder.resolve(cells.getFirst()).normalize();
        if (cells.getFirst().isEmpty() || !file.startsWith(folder.normalize())) {
            throw new UsageFault(place + " names a file outside of the folder");
        }
        Optional<Boolean> flagged = Optional.empty();
        Map<String, Boolean> shown = new HashMap<>();
        for (int at = 1; at < cells.size(); at++) {
            String column = columns.get(at);
            String cell = cells.get(at).strip().toLowerCase(Locale.ROOT);
            if (column.equals("expected") && !cell.isEmpty()) {
                if (!cell.equals(FLAGGED) && !cell.equals(CLEARED)) {
                    throw new UsageFault(place + " expects neither " + FLAGGED + " nor " + CLEARED);
                }
                flagged = Optional.of(cell.equals(FLAGGED));
            } else if (concepts.contains(column) && !cell.isEmpty()) {
                if (!YES.contains(cell) && !NO.contains(cell)) {
                    throw new UsageFault(place + " has neither 1 nor 0 for " + column);
                }
                shown.put(column, YES.contains(cell));
            }
        }
        return new LabelledPicture(file, flagged, shown);
    }

    /// Cells of one line (RFC 4180, without line breaks in cells).
    static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int at = 0; at < line.length(); at++) {
            char c = line.charAt(at);
            if (c == '"' && quoted && at + 1 < line.length() && line.charAt(at + 1) == '"') {
                cell.append(c);
                at++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                cells.add(cell.toString());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        cells.add(cell.toString());
        return cells;
    }
}
