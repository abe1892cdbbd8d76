package org.picket.coordinator.finding;

import java.util.Optional;
import org.picket.coordinator.finding.FindingDecision.Become;
import org.picket.coordinator.finding.FindingDecision.Keep;
import org.picket.coordinator.finding.FindingDecision.Order;
import org.picket.coordinator.finding.FindingDecision.Refuse;
import org.picket.coordinator.finding.FindingDecision.Repeat;
import org.picket.coordinator.finding.FindingState.Allowed;
import org.picket.coordinator.finding.FindingState.Failed;
import org.picket.coordinator.finding.FindingState.Gone;
import org.picket.coordinator.finding.FindingState.Held;
import org.picket.coordinator.finding.FindingState.Observed;
import org.picket.coordinator.finding.FindingState.PurgeOrdered;
import org.picket.coordinator.finding.FindingState.Purged;
import org.picket.coordinator.finding.FindingState.QuarantineOrdered;
import org.picket.coordinator.finding.FindingState.Quarantined;
import org.picket.coordinator.finding.FindingState.Refused;
import org.picket.coordinator.finding.FindingState.ReleaseOrdered;
import org.picket.coordinator.finding.FindingState.Released;
import org.picket.coordinator.finding.FindingState.Superseded;
import org.picket.coordinator.policy.Action;

/// How findings move. Pure.
///
/// The machine moves a finding only out of states in which nothing is under way and no person has decided; a
/// hold ends by a person's word alone; what a storage did is believed from its receipt alone.
public final class FindingRules {
    private FindingRules() {}

    /// What follows from a command in a state.
    public static FindingDecision decide(FindingState state, FindingCommand command) {
        return switch (command) {
            case FindingCommand.Rule(Action permitted, Optional<String> hold) -> rule(state, permitted, hold);
            case FindingCommand.Quarantine() -> quarantine(state);
            case FindingCommand.Purge() -> purge(state);
            case FindingCommand.Release() -> release(state);
            case FindingCommand.Receive receipt -> receive(state, receipt);
            case FindingCommand.Supersede() -> close(state, new Superseded());
            case FindingCommand.Vanish() -> close(state, new Gone());
            case FindingCommand.Allow() -> close(state, new Allowed());
        };
    }

    private static FindingDecision rule(FindingState state, Action permitted, Optional<String> hold) {
        return switch (state) {
            case Observed(), Refused(String _), Failed(String _) -> machine(permitted, hold);
            case Held(String _),
                    QuarantineOrdered(),
                    Quarantined(String _),
                    ReleaseOrdered(),
                    Released(),
                    PurgeOrdered(boolean _),
                    Purged(),
                    Gone(),
                    Superseded(),
                    Allowed() -> new Keep();
        };
    }

    private static FindingDecision machine(Action permitted, Optional<String> hold) {
        if (permitted == Action.OBSERVE) {
            return new Keep();
        }
        if (hold.isPresent()) {
            return new Become(new Held(hold.get()));
        }
        return switch (permitted) {
            case OBSERVE -> new Keep();
            case QUARANTINE -> new Order(Removal.QUARANTINE, new QuarantineOrdered());
            case PURGE -> new Order(Removal.PURGE, new PurgeOrdered(false));
        };
    }

    private static FindingDecision quarantine(FindingState state) {
        return switch (state) {
            case Observed(), Held(String _), Refused(String _), Failed(String _) ->
                new Order(Removal.QUARANTINE, new QuarantineOrdered());
            case QuarantineOrdered(), Quarantined(String _) -> new Keep();
            case ReleaseOrdered(), Released(), PurgeOrdered(boolean _), Purged(), Gone(), Superseded(), Allowed() ->
                refused(state, "quarantined");
        };
    }

    private static FindingDecision purge(FindingState state) {
        return switch (state) {
            case Observed(), Held(String _), Refused(String _), Failed(String _) ->
                new Order(Removal.PURGE, new PurgeOrdered(false));
            case Quarantined(String _) -> new Order(Removal.PURGE, new PurgeOrdered(true));
            case PurgeOrdered(boolean _), Purged() -> new Keep();
            case QuarantineOrdered(), ReleaseOrdered(), Released(), Gone(), Superseded(), Allowed() ->
                refused(state, "purged");
        };
    }

    private static FindingDecision release(FindingState state) {
        return switch (state) {
            case Quarantined(String _) -> new Order(Removal.RELEASE, new ReleaseOrdered());
            case ReleaseOrdered(), Released() -> new Keep();
            case Observed(),
                    Held(String _),
                    QuarantineOrdered(),
                    PurgeOrdered(boolean _),
                    Purged(),
                    Refused(String _),
                    Failed(String _),
                    Gone(),
                    Superseded(),
                    Allowed() -> refused(state, "released");
        };
    }

    private static FindingDecision receive(FindingState state, FindingCommand.Receive receipt) {
        return switch (state) {
            case QuarantineOrdered() -> answer(receipt, Removal.QUARANTINE, false);
            case ReleaseOrdered() -> answer(receipt, Removal.RELEASE, true);
            case PurgeOrdered(boolean quarantined) -> answer(receipt, Removal.PURGE, quarantined);
            case Observed(),
                    Held(String _),
                    Quarantined(String _),
                    Released(),
                    Purged(),
                    Refused(String _),
                    Failed(String _),
                    Gone(),
                    Superseded(),
                    Allowed() -> new Refuse("a finding that is " + state.name() + " has no open order");
        };
    }

    private static FindingDecision answer(FindingCommand.Receive receipt, Removal removal, boolean quarantined) {
        if (!receipt.outcome().answers(removal)) {
            return new Refuse(receipt.outcome() + " does not answer an order to " + removal);
        }
        String note = removal + " " + receipt.outcome() + ": " + receipt.detail();
        return switch (receipt.outcome()) {
            case QUARANTINED -> new Become(new Quarantined(""));
            case RELEASED -> new Become(new Released());
            case PURGED -> new Become(new Purged());
            case GONE -> new Become(new Gone());
            case REFUSED -> new Become(quarantined ? new Quarantined(note) : new Refused(receipt.detail()));
            case FAILED -> {
                if (!receipt.lastAttempt()) {
                    yield new Repeat(removal);
                }
                yield new Become(quarantined ? new Quarantined(note) : new Failed(receipt.detail()));
            }
        };
    }

    /// Only what nothing is done about can be closed: an open order will tell by its receipt.
    private static FindingDecision close(FindingState state, FindingState closed) {
        return switch (state) {
            case Observed(), Held(String _), Refused(String _), Failed(String _) -> new Become(closed);
            case QuarantineOrdered(),
                    Quarantined(String _),
                    ReleaseOrdered(),
                    Released(),
                    PurgeOrdered(boolean _),
                    Purged(),
                    Gone(),
                    Superseded(),
                    Allowed() -> new Keep();
        };
    }

    private static Refuse refused(FindingState state, String wanted) {
        return new Refuse("it is " + state.name() + " and cannot be " + wanted
                + ". Look at it with `picket findings` and wait for an open order to end.");
    }
}
