package org.picket.coordinator.hashlist;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The columns of a file of comma-separated values (RFC 4180, one line a row).
///
/// @param names from its header, in order
record ListColumns(List<String> names) {
    private static final List<String> KNOWN = List.of("hash", "type", "quality", "label", "source", "added_at");

    /// A value where it stands.
    ///
    /// @param column counted from 1
    record Cell(String text, int column) {}

    /// Of the first line; empty where it is no header.
    static Optional<ListColumns> header(String line) {
        return cells(line)
                .map(cells -> cells.stream()
                        .map(cell -> cell.text().toLowerCase(Locale.ROOT))
                        .toList())
                .filter(names -> names.contains("hash") && KNOWN.containsAll(names))
                .map(ListColumns::new);
    }

    /// The cell of that name; empty where the row has none.
    Cell cell(String name, List<Cell> cells) {
        int place = names.indexOf(name);
        return place >= 0 && place < cells.size() ? cells.get(place) : new Cell("", 1);
    }

    /// The cells of a line; empty where a quotation mark is not closed.
    static Optional<List<Cell>> cells(String line) {
        List<Cell> cells = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        int start = 0;
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quoted && c == '"' && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                text.append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                cells.add(cell(line, start, text));
                text.setLength(0);
                start = i + 1;
            } else {
                text.append(c);
            }
        }
        cells.add(cell(line, start, text));
        return quoted ? Optional.empty() : Optional.of(cells);
    }

    private static Cell cell(String line, int start, CharSequence text) {
        int column = start;
        while (column < line.length() && (line.charAt(column) == ' ' || line.charAt(column) == '"')) {
            column++;
        }
        return new Cell(text.toString().strip(), column + 1);
    }
}
