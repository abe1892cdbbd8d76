package org.picket.coordinator.audit;

import com.google.protobuf.ByteString;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.picket.coordinator.ledger.EntryCheck;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.KeyId;
import org.picket.proto.v1.KeyRecord;
import org.picket.proto.v1.LedgerBody;
import org.picket.proto.v1.Role;

/// Checks that verdicts come from agents and receipts from crawlers. Bounded by the keys that a ledger may
/// introduce, which [org.picket.coordinator.ledger.SealedEntries] counts. For one thread and one pass.
final class RoleCheck implements EntryCheck {
    private static final Set<String> ROLES =
            Set.of(Role.AGENT.name(), Role.CRAWLER.name(), Role.ADMINISTRATOR.name(), Role.STEWARD.name());

    private final Map<ByteString, String> roles = new HashMap<>();

    @Override
    public Optional<String> check(long seq, LedgerBody body) {
        return switch (body.getBodyCase()) {
            case KEY -> introduce(body.getKey());
            case VERDICT -> speaker(body.getVerdict().getKeyId(), Role.AGENT, "verdict");
            case LATE_VERDICT -> speaker(body.getLateVerdict().getKeyId(), Role.AGENT, "late verdict");
            case RECEIPT -> speaker(body.getReceipt().getKeyId(), Role.CRAWLER, "receipt");
            case RULING, ORDER, EPOCH, FINDING, BODY_NOT_SET -> Optional.empty();
        };
    }

    private Optional<String> introduce(KeyRecord record) {
        if (!ROLES.contains(record.getRole())) {
            return Optional.of("it introduces a key for no known role");
        }
        ByteString id = Digest.of(record.getPublicKey()).bytes().substring(0, KeyId.LENGTH);
        String earlier = roles.putIfAbsent(id, record.getRole());
        return earlier == null || earlier.equals(record.getRole())
                ? Optional.empty()
                : Optional.of("it gives the key of one role to another");
    }

    private Optional<String> speaker(ByteString key, Role role, String what) {
        return role.name().equals(roles.get(key))
                ? Optional.empty()
                : Optional.of("the " + what + " is not sealed by a member of the role " + role);
    }
}
