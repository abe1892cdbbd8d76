package org.picket.coordinator.ledger;

import java.util.Arrays;
import java.util.Optional;
import org.picket.proto.v1.LedgerBody;

/// Checks what an entry says, beyond its being there: signatures and references. It is shown every entry once,
/// in order, so that it may remember keys from earlier ones.
@FunctionalInterface
public interface EntryCheck {

    /// What is wrong with the entry; empty when nothing is, or when it is not of this check's kind.
    Optional<String> check(long seq, LedgerBody body);

    /// Accepts whatever is in the tree.
    static EntryCheck none() {
        return (seq, body) -> Optional.empty();
    }

    /// All of `checks`, in turn; the first complaint counts, but every check sees every entry until then.
    static EntryCheck all(EntryCheck... checks) {
        return (seq, body) -> Arrays.stream(checks)
                .map(check -> check.check(seq, body))
                .flatMap(Optional::stream)
                .findFirst();
    }
}
