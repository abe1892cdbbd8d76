package org.picket.coordinator.finding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.finding.FindingDecision.Become;
import org.picket.coordinator.finding.FindingDecision.Keep;
import org.picket.coordinator.finding.FindingDecision.Order;
import org.picket.coordinator.finding.FindingDecision.Refuse;
import org.picket.coordinator.finding.FindingDecision.Repeat;
import org.picket.coordinator.policy.Action;

class FindingRulesTest {
    private static final List<FindingState> STATES = List.of(
            new FindingState.Observed(),
            new FindingState.Held("a flood"),
            new FindingState.QuarantineOrdered(),
            new FindingState.Quarantined(""),
            new FindingState.ReleaseOrdered(),
            new FindingState.Released(),
            new FindingState.PurgeOrdered(false),
            new FindingState.PurgeOrdered(true),
            new FindingState.Purged(),
            new FindingState.Refused("changed"),
            new FindingState.Failed("disk full"),
            new FindingState.Gone(),
            new FindingState.Superseded(),
            new FindingState.Allowed());

    private static final Map<String, FindingCommand> COMMANDS = commands();

    /// One line a state, one letter a command: k keep, x refuse, q p r order, Q P R repeat, and what it
    /// becomes: h held, 1 quarantined, 2 released, 3 purged, 4 refused, 5 failed, 6 gone, 7 superseded, 8
    /// allowed.
    private static final Map<String, String> TABLE = Map.ofEntries(
            //             rule: observe quarantine purge held | person: quarantine purge release | vanish supersede
            // allow
            Map.entry("OBSERVED", "kqph qpx 678"),
            Map.entry("HELD", "kkkk qpx 678"),
            Map.entry("QUARANTINE_ORDERED", "kkkk kxx kkk"),
            Map.entry("QUARANTINED", "kkkk kpr kkk"),
            Map.entry("RELEASE_ORDERED", "kkkk xxk kkk"),
            Map.entry("RELEASED", "kkkk xxk kkk"),
            Map.entry("PURGE_ORDERED", "kkkk xkx kkk"),
            Map.entry("PURGED", "kkkk xkx kkk"),
            Map.entry("REFUSED", "kqph qpx 678"),
            Map.entry("FAILED", "kqph qpx 678"),
            Map.entry("GONE", "kkkk xxx kkk"),
            Map.entry("SUPERSEDED", "kkkk xxx kkk"),
            Map.entry("ALLOWED", "kkkk xxx kkk"));

    /// Receipts in the order of [Outcome]; a failure first with attempts left, then as the last.
    private static final Map<FindingState, String> RECEIPTS = Map.of(
            new FindingState.QuarantineOrdered(), "1xx64Q5",
            new FindingState.ReleaseOrdered(), "x2x61R1",
            new FindingState.PurgeOrdered(false), "xx364P5",
            new FindingState.PurgeOrdered(true), "xx361P1");

    @Test
    void everyStateAnswersEveryCommand() {
        for (FindingState state : STATES) {
            String expected = TABLE.get(state.name()).replace(" ", "");
            String found = COMMANDS.values().stream()
                    .map(command -> letter(FindingRules.decide(state, command)))
                    .collect(Collectors.joining());
            assertEquals(expected, found, state + " does not follow the table");
        }
        assertEquals(STATES.stream().map(FindingState::name).collect(Collectors.toSet()), TABLE.keySet());
    }

    @Test
    void everyStateAnswersEveryReceipt() {
        for (FindingState state : STATES) {
            StringBuilder found = new StringBuilder();
            for (Outcome outcome : Outcome.values()) {
                if (outcome == Outcome.FAILED) {
                    found.append(letter(FindingRules.decide(state, new FindingCommand.Receive(outcome, "why", false))));
                }
                found.append(letter(FindingRules.decide(state, new FindingCommand.Receive(outcome, "why", true))));
            }
            assertEquals(RECEIPTS.getOrDefault(state, "xxxxxxx"), found.toString(), state + " takes receipts wrongly");
        }
    }

    @Test
    void everyStateIsReadBackAsItWasWritten() {
        for (FindingState state : STATES) {
            boolean quarantined = state instanceof FindingState.PurgeOrdered(boolean was) && was;
            assertEquals(state, FindingState.of(state.name(), state.detail(), quarantined));
        }
    }

    @Test
    void onlyWhatIsAtItsKeyIsLive() {
        assertTrue(new FindingState.PurgeOrdered(false).live());
        assertFalse(new FindingState.PurgeOrdered(true).live(), "a quarantined object is no longer at its key");
        assertFalse(new FindingState.Quarantined("").live(), "what is found at its key now is another object");
        assertFalse(new FindingState.Released().live(), "a released object is ruled anew");
    }

    @Test
    void failedReleaseLeavesTheFindingInQuarantineWithAReason() {
        Become become = assertInstanceOf(
                Become.class,
                FindingRules.decide(
                        new FindingState.ReleaseOrdered(),
                        new FindingCommand.Receive(Outcome.REFUSED, "its key is taken", true)));
        assertEquals(new FindingState.Quarantined("RELEASE REFUSED: its key is taken"), become.next());
    }

    private static Map<String, FindingCommand> commands() {
        Map<String, FindingCommand> commands = new LinkedHashMap<>();
        commands.put("observe", new FindingCommand.Rule(Action.OBSERVE, Optional.of("a flood")));
        commands.put("quarantine", new FindingCommand.Rule(Action.QUARANTINE, Optional.empty()));
        commands.put("purge", new FindingCommand.Rule(Action.PURGE, Optional.empty()));
        commands.put("held", new FindingCommand.Rule(Action.PURGE, Optional.of("a flood")));
        commands.put("person quarantines", new FindingCommand.Quarantine());
        commands.put("person purges", new FindingCommand.Purge());
        commands.put("person releases", new FindingCommand.Release());
        commands.put("vanish", new FindingCommand.Vanish());
        commands.put("supersede", new FindingCommand.Supersede());
        commands.put("allow", new FindingCommand.Allow());
        return commands;
    }

    private static String letter(FindingDecision decision) {
        return switch (decision) {
            case Keep() -> "k";
            case Refuse(String _) -> "x";
            case Repeat(Removal removal) -> removal.name().substring(0, 1);
            case Order(Removal removal, FindingState next) -> {
                assertTrue(next.name().startsWith(removal.name()), "an order and its state differ");
                yield removal.name().substring(0, 1).toLowerCase(Locale.ROOT);
            }
            case Become(FindingState next) ->
                switch (next) {
                    case FindingState.Held(String _) -> "h";
                    case FindingState.Quarantined(String _) -> "1";
                    case FindingState.Released() -> "2";
                    case FindingState.Purged() -> "3";
                    case FindingState.Refused(String _) -> "4";
                    case FindingState.Failed(String _) -> "5";
                    case FindingState.Gone() -> "6";
                    case FindingState.Superseded() -> "7";
                    case FindingState.Allowed() -> "8";
                    case FindingState.Observed(),
                            FindingState.QuarantineOrdered(),
                            FindingState.ReleaseOrdered(),
                            FindingState.PurgeOrdered(boolean _) -> "?";
                };
        };
    }
}
