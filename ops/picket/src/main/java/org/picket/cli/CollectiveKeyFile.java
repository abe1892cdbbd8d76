package org.picket.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.picket.coordinator.authority.CollectiveKeys;
import org.picket.proto.seal.KeyId;
import org.picket.proto.seal.SigningKey;

/// A key that all coordinators of a collective have in common, in a file at each of them. It is made once, by
/// the first one on its database: another key than that would be another collective.
final class CollectiveKeyFile {
    private CollectiveKeyFile() {}

    static SigningKey open(Path folder, String name, CollectiveKeys keys) {
        Path file = folder.resolve(name + ".key");
        Optional<KeyId> known = keys.find(name);
        if (known.isPresent() && !Files.exists(file)) {
            throw new UsageFault("there is no key " + file + ", and this database's collective has one already. Copy it"
                    + " from another coordinator of this collective, or from a backup; where it is lost for good, a new"
                    + " collective begins with a database of its own");
        }
        SigningKey key = KeyFile.open(folder, name);
        KeyId own = key.verifyingKey().id();
        KeyId due = known.orElseGet(() -> keys.settle(name, own));
        if (!due.equals(own)) {
            throw new UsageFault(
                    "the key " + file + " is " + own + ", and this database's collective has the key " + due
                            + ": copy that one from another coordinator of this collective, or name the collective's own"
                            + " database or data folder");
        }
        return key;
    }
}
