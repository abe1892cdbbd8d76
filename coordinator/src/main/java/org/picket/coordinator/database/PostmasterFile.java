package org.picket.coordinator.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What a server writes about itself into `postmaster.pid`: line 1 its process id, line 4 its port, line 8 its
/// state.
///
/// @param lines the file as it was read
record PostmasterFile(List<String> lines) {
    private static final int PORT_LINE = 3;
    private static final int STATE_LINE = 7;

    PostmasterFile {
        lines = List.copyOf(lines);
    }

    static Path in(Path data) {
        return data.resolve("postmaster.pid");
    }

    /// The file of `data`; empty when there is none or it is only half written.
    static Optional<PostmasterFile> read(Path data) {
        try {
            List<String> lines = Files.readAllLines(in(data));
            return lines.isEmpty() || !isNumber(lines.getFirst())
                    ? Optional.empty()
                    : Optional.of(new PostmasterFile(lines));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new DatabaseException("cannot read " + in(data) + ": " + e.getMessage(), e);
        }
    }

    long pid() {
        return Long.parseLong(lines.getFirst().strip());
    }

    boolean readyOn(int port) {
        return lines.size() > STATE_LINE
                && lines.get(PORT_LINE).strip().equals(Integer.toString(port))
                && lines.get(STATE_LINE).strip().equals("ready");
    }

    private static boolean isNumber(String line) {
        return line.strip().matches("[0-9]{1,10}");
    }
}
