package org.picket.coordinator.database;

import java.io.IOException;
import java.nio.file.Path;

/// A process of its own that holds a database until it is killed: prints the server's process id, or why it has
/// none.
final class HeldDatabase {

    private HeldDatabase() {}

    public static void main(String[] arguments) throws IOException {
        try (EmbeddedPostgres server =
                EmbeddedPostgres.start(new DatabaseSettings.Embedded(Path.of(arguments[0]), 32))) {
            System.out.println("holding " + server.pid());
            System.in.read();
        } catch (DatabaseException e) {
            System.out.println("refused " + e.getMessage());
        }
    }
}
