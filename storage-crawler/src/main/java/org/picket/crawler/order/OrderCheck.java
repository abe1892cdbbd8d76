package org.picket.crawler.order;

import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.picket.crawler.removal.RemovalAction;
import org.picket.crawler.removal.RemovalOrder;
import org.picket.proto.id.FindingId;
import org.picket.proto.id.OrderId;
import org.picket.proto.id.StorageId;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.Opened;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.VerifyingKey;
import org.picket.proto.v1.OrderStatement;
import org.picket.proto.v1.Sealed;

/// Decides whether a sealed order may be carried out. Pure.
///
/// @param coordinator whose signature is taken
/// @param storage of which orders are taken
/// @param policy of this site
record OrderCheck(VerifyingKey coordinator, StorageId storage, SitePolicy policy) {

    /// What came of it.
    sealed interface Checked {
        /// It may.
        record Allowed(RemovalOrder order, Digest digest) implements Checked {}

        /// It is the coordinator's, and is answered with a refusal.
        record Refused(OrderId order, Digest digest, String why) implements Checked {}

        /// It is well formed, and this site does not allow it: it is answered with a refusal, unless its object was
        /// touched when the site did.
        record Forbidden(RemovalOrder order, Digest digest, String why) implements Checked {}

        /// It is not the coordinator's, or not an order, or not for now: there is nothing to answer.
        record Void(String why) implements Checked {}
    }

    Checked check(Sealed sealed) {
        return check(sealed, this::check);
    }

    /// Of an order that is not to be carried out any more, whatever the site's mode says of it.
    Checked withdrawn(Sealed sealed) {
        return check(sealed, this::withdrawn);
    }

    private Checked check(Sealed sealed, BiFunction<OrderStatement, Digest, Checked> further) {
        return switch (Opened.open(
                SealKind.ORDER, sealed, OrderStatement.parser(), coordinator, Limits.STATEMENT_BYTES)) {
            case Opened.Invalid<OrderStatement> invalid ->
                new Checked.Void("its seal is not good: " + invalid.reason());
            case Opened.Valid<OrderStatement> valid ->
                further.apply(valid.statement(), Digest.of(sealed.getStatement()));
        };
    }

    private Checked withdrawn(OrderStatement statement, Digest digest) {
        return stated(
                statement,
                digest,
                order -> new Checked.Forbidden(order, digest, "the site has allowed its content since it was ordered"));
    }

    private Checked check(OrderStatement statement, Digest digest) {
        return policy.leaves(statement.getAuthority())
                ? new Checked.Void("it was ordered by the storage's mode, and waits for a scan in that mode")
                : stated(
                        statement,
                        digest,
                        order -> policy.allows(order.action(), statement.getAuthority())
                                ? new Checked.Allowed(order, digest)
                                : new Checked.Forbidden(
                                        order, digest, against(order.action(), statement.getAuthority())));
    }

    private Checked stated(OrderStatement statement, Digest digest, Function<RemovalOrder, Checked> further) {
        OrderId id;
        try {
            id = OrderId.of(statement.getOrderId());
        } catch (IllegalArgumentException e) {
            return new Checked.Void("it has no id");
        }
        if (statement.getStorageId() != storage.value()) {
            return new Checked.Refused(id, digest, "the order is for another storage");
        }
        try {
            return further.apply(order(id, statement));
        } catch (IllegalArgumentException e) {
            return new Checked.Refused(id, digest, "the order is malformed: " + e.getMessage());
        }
    }

    /// What stands against it; for whoever ordered it, what to do.
    private String against(RemovalAction action, OrderStatement.Authority authority) {
        String mode = switch (policy.mode()) {
            case OBSERVE -> "observe";
            case QUARANTINE_FLAGGED -> "quarantine";
            case DELETE_FLAGGED -> "delete";
            case MODE_UNSPECIFIED, UNRECOGNIZED -> "unknown";
        };
        String why = "the mode " + mode + " of this site's crawler does not allow " + action + " on the authority of "
                + authority;
        return authority == OrderStatement.Authority.PERSON
                ? why + "; to allow it run a collective's crawler with --heed-administrators (setting"
                        + " crawler.heed-administrators = true) and order again"
                : why;
    }

    private static RemovalOrder order(OrderId id, OrderStatement statement) {
        Optional<OrderId> quarantinedBy = Optional.of(statement.getQuarantineOrderId())
                .filter(bytes -> !bytes.isEmpty())
                .map(OrderId::of);
        return new RemovalOrder(
                id,
                new FindingId(statement.getFindingId()),
                action(statement),
                statement.getKey(),
                statement.getVersion(),
                new Digest(statement.getSha256()),
                statement.getBytes(),
                quarantinedBy);
    }

    private static RemovalAction action(OrderStatement statement) {
        return switch (statement.getAction()) {
            case QUARANTINE -> RemovalAction.QUARANTINE;
            case RELEASE -> RemovalAction.RELEASE;
            case PURGE -> RemovalAction.PURGE;
            case REMOVAL_ACTION_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException("no action that this version knows");
        };
    }
}
