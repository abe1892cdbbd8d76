package org.picket.coordinator.hashlist;

import java.io.IOException;
import java.io.Reader;
import java.util.Optional;

/// Lines of a text, none of which is kept beyond a length: a file without an end of line, or a device, would else
/// fill the heap. For one thread.
final class Lines {
    private static final int BUFFER = 1 << 13;

    private final Reader reader;
    private final int most;
    private final char[] buffer = new char[BUFFER];
    private int at;
    private int end;
    private boolean afterReturn;

    /// @param most characters that are kept of a line
    Lines(Reader reader, int most) {
        this.reader = reader;
        this.most = most;
    }

    /// The next line without its end (line feed, carriage return, or the one after the other); empty where there
    /// is none. One that is too long has one character more than the most, and what follows is its rest.
    Optional<String> next() throws IOException {
        StringBuilder line = new StringBuilder();
        if (afterReturn && fill() && buffer[at] == '\n') {
            at++;
        }
        afterReturn = false;
        boolean begun = false;
        while (fill()) {
            begun = true;
            int from = at;
            while (at < end && !isEnd(buffer[at]) && line.length() + at - from <= most) {
                at++;
            }
            line.append(buffer, from, at - from);
            if (line.length() > most) {
                return Optional.of(line.toString());
            }
            if (at < end) {
                afterReturn = buffer[at] == '\r';
                at++;
                return Optional.of(line.toString());
            }
        }
        return begun ? Optional.of(line.toString()) : Optional.empty();
    }

    private static boolean isEnd(char c) {
        return c == '\n' || c == '\r';
    }

    private boolean fill() throws IOException {
        if (at == end) {
            at = 0;
            end = Math.max(0, reader.read(buffer));
        }
        return end > 0;
    }
}
