package org.picket.coordinator.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.picket.coordinator.policy.Condition.ScoreTest;
import org.picket.proto.limit.FixedPoint;

/// Finds what a sound policy asks for in vain: rules that no scores can meet, rules that never decide since one
/// before them holds wherever they do, and lists without an entry. Such a policy looks as if it protected.
///
/// What is told is certain; what is not told may be idle all the same. A rule is taken apart into cases, each a
/// range of every score; a rule before it decides in a case where it holds on all of those ranges. Pure.
final class IdleRules {
    /// Cases that one rule is taken apart into.
    private static final int MOST_CASES = 256;

    /// Tests that are looked at; a policy that comes to more is not looked through to the end.
    private static final long MOST_TESTS = 1_000_000;

    private final Map<String, Range> adjusted = new HashMap<>();
    private long tests;

    private IdleRules() {}

    /// Steps that a score may have, both ends included.
    private record Range(int low, int high) {
        static final Range WHOLE = new Range(Short.MIN_VALUE, Short.MAX_VALUE);

        Truth reaches(double gte) {
            int least = FixedPoint.atLeast(gte);
            return low >= least ? Truth.YES : high < least ? Truth.NO : Truth.MAYBE;
        }
    }

    /// From false to true.
    private enum Truth {
        NO,
        MAYBE,
        YES;

        static Truth lesser(Truth one, Truth other) {
            return one.compareTo(other) < 0 ? one : other;
        }

        static Truth greater(Truth one, Truth other) {
            return one.compareTo(other) < 0 ? other : one;
        }

        Truth opposite() {
            return values()[YES.ordinal() - ordinal()];
        }
    }

    /// One sentence for each.
    static List<String> of(Policy policy) {
        var idle = new ArrayList<String>();
        for (var list : policy.lists()) {
            if (list.hashes().isEmpty()) {
                idle.add("list \"" + list.id() + "\" has no entry");
            }
        }
        new IdleRules().rules(policy, idle);
        return List.copyOf(idle);
    }

    private void rules(Policy policy, List<String> idle) {
        var sums = new HashMap<String, Range>();
        for (var adjustment : policy.adjustments()) {
            var holds = truth(adjustment.when(), Map.of());
            for (var concept : holds == Truth.NO ? List.<String>of() : adjustment.concepts()) {
                var before = sums.getOrDefault(concept, Range.WHOLE);
                boolean always = holds == Truth.YES;
                sums.put(
                        concept,
                        new Range(
                                before.low() + (always ? adjustment.steps() : Math.min(0, adjustment.steps())),
                                before.high() + (always ? adjustment.steps() : Math.max(0, adjustment.steps()))));
            }
        }
        sums.forEach((concept, sum) -> adjusted.put(concept, new Range(clamped(sum.low()), clamped(sum.high()))));
        for (int at = 0; at < policy.rules().size() && tests < MOST_TESTS; at++) {
            var rule = policy.rules().get(at);
            idle(rule, policy.rules().subList(0, at)).ifPresent(idle::add);
        }
    }

    private static int clamped(int steps) {
        return Math.clamp(steps, Short.MIN_VALUE, Short.MAX_VALUE);
    }

    private Optional<String> idle(Rule rule, List<Rule> before) {
        var start = new ArrayList<Map<String, Range>>();
        start.add(new HashMap<>());
        var cases = cases(rule.when(), true, start).stream()
                .filter(each -> truth(rule.when(), each) != Truth.NO)
                .toList();
        if (tests >= MOST_TESTS) {
            return Optional.empty();
        }
        if (cases.isEmpty()) {
            return Optional.of("rule \"" + rule.id() + "\" can never hold: no scores meet all that it asks for");
        }
        String earlier = "";
        for (var each : cases) {
            var decides = before.stream()
                    .filter(other -> truth(other.when(), each) == Truth.YES)
                    .findFirst();
            if (decides.isEmpty() || tests >= MOST_TESTS) {
                return Optional.empty();
            }
            earlier = decides.get().id();
        }
        return Optional.of("rule \"" + rule.id()
                + "\" never decides: wherever it holds, a rule before it does, such as \"" + earlier + "\"");
    }

    private Range range(Map<String, Range> ranges, String concept) {
        return Optional.ofNullable(ranges.get(concept)).orElseGet(() -> adjusted.getOrDefault(concept, Range.WHOLE));
    }

    /// Whether a condition holds on all of these ranges, on none, or perhaps.
    private Truth truth(Condition condition, Map<String, Range> ranges) {
        return switch (condition) {
            case ScoreTest test -> reached(test.concept(), test.gte(), ranges);
            case Condition.FurtherTest _ -> Truth.MAYBE;
            case Condition.GroupTest group -> {
                int certain = 0;
                int possible = 0;
                for (var member : group.members()) {
                    var reached = reached(member.concept(), member.gte(), ranges);
                    certain += reached == Truth.YES ? 1 : 0;
                    possible += reached == Truth.NO ? 0 : 1;
                }
                yield counted(certain, possible, group.atLeast());
            }
            case Condition.CountTest count -> truth(count, ranges);
            case Condition.Named named -> truth(named.when(), ranges);
            case Condition.Gated gated -> Truth.lesser(truth(gated.gate(), ranges), truth(gated.then(), ranges));
            case Condition.Either either ->
                switch (truth(either.when(), ranges)) {
                    case YES -> truth(either.then(), ranges);
                    case NO -> truth(either.otherwise(), ranges);
                    case MAYBE -> {
                        var then = truth(either.then(), ranges);
                        yield then == truth(either.otherwise(), ranges) ? then : Truth.MAYBE;
                    }
                };
            case Condition.All all ->
                all.parts().stream().map(part -> truth(part, ranges)).reduce(Truth.YES, Truth::lesser);
            case Condition.Any any -> greatest(any.parts(), ranges);
            case Condition.None none -> greatest(none.parts(), ranges).opposite();
        };
    }

    private Truth greatest(List<Condition> parts, Map<String, Range> ranges) {
        return parts.stream().map(part -> truth(part, ranges)).reduce(Truth.NO, Truth::greater);
    }

    private Truth reached(String concept, double gte, Map<String, Range> ranges) {
        tests++;
        return tests > MOST_TESTS ? Truth.MAYBE : range(ranges, concept).reaches(gte);
    }

    private static Truth counted(int certain, int possible, int atLeast) {
        return certain >= atLeast ? Truth.YES : possible < atLeast ? Truth.NO : Truth.MAYBE;
    }

    /// Of each set the member that counts most is counted.
    private Truth truth(Condition.CountTest count, Map<String, Range> ranges) {
        var certain = new HashMap<Integer, Integer>();
        var possible = new HashMap<Integer, Integer>();
        for (var member : count.members()) {
            for (var step : member.steps()) {
                var reached = reached(member.concept(), step.gte(), ranges);
                if (reached != Truth.NO) {
                    possible.merge(member.set(), step.counts(), Math::max);
                }
                if (reached == Truth.YES) {
                    certain.merge(member.set(), step.counts(), Math::max);
                }
            }
        }
        return counted(sum(certain), sum(possible), count.atLeast());
    }

    private static int sum(Map<Integer, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /// Narrows cases to where a condition holds, or does not; wherever that would be laborious a case is left wider
    /// than need be.
    ///
    /// @param given cases that may be changed
    private List<Map<String, Range>> cases(Condition condition, boolean holds, List<Map<String, Range>> given) {
        return switch (condition) {
            case ScoreTest test -> narrowed(test.concept(), test.gte(), holds, given);
            case Condition.FurtherTest _ -> given;
            case Condition.GroupTest group ->
                group.atLeast() == (holds ? group.members().size() : 1)
                        ? inTurn(List.copyOf(group.members()), holds, given)
                        : given;
            case Condition.CountTest count -> {
                var cases = given;
                for (var member : !holds && count.atLeast() == 1 ? count.members() : List.<Condition.Counted>of()) {
                    for (var step : member.steps()) {
                        cases = narrowed(member.concept(), step.gte(), false, cases);
                    }
                }
                yield cases;
            }
            case Condition.Named named -> cases(named.when(), holds, given);
            case Condition.Gated gated ->
                holds
                        ? inTurn(List.of(gated.gate(), gated.then()), true, given)
                        : oneOf(List.of(gated.gate(), gated.then()), false, given);
            case Condition.Either either -> {
                var other = new Condition.None(List.of(either.when()));
                var branches = List.<Condition>of(
                        new Condition.Gated(either.when(), either.then()),
                        new Condition.Gated(other, either.otherwise()));
                yield holds ? oneOf(branches, true, given) : given;
            }
            case Condition.All all -> holds ? inTurn(all.parts(), true, given) : oneOf(all.parts(), false, given);
            case Condition.Any any -> holds ? oneOf(any.parts(), true, given) : inTurn(any.parts(), false, given);
            case Condition.None none -> holds ? inTurn(none.parts(), false, given) : oneOf(none.parts(), true, given);
        };
    }

    private List<Map<String, Range>> inTurn(
            List<? extends Condition> parts, boolean hold, List<Map<String, Range>> given) {
        var cases = given;
        for (var part : parts) {
            cases = cases(part, hold, cases);
        }
        return cases;
    }

    private List<Map<String, Range>> oneOf(List<Condition> parts, boolean holds, List<Map<String, Range>> given) {
        if ((long) parts.size() * given.size() > MOST_CASES) {
            return given;
        }
        var cases = new ArrayList<Map<String, Range>>();
        for (var part : parts) {
            var copies = new ArrayList<Map<String, Range>>();
            for (var each : given) {
                tests += each.size();
                copies.add(new HashMap<>(each));
            }
            if (tests > MOST_TESTS) {
                return given;
            }
            cases.addAll(cases(part, holds, copies));
        }
        return cases.size() > MOST_CASES ? given : cases;
    }

    private List<Map<String, Range>> narrowed(
            String concept, double gte, boolean reached, List<Map<String, Range>> given) {
        tests += given.size();
        if (tests > MOST_TESTS) {
            return given;
        }
        int least = FixedPoint.atLeast(gte);
        var cases = new ArrayList<Map<String, Range>>();
        for (var each : given) {
            var range = range(each, concept);
            var narrower = reached
                    ? new Range(Math.max(range.low(), least), range.high())
                    : new Range(range.low(), Math.min(range.high(), least - 1));
            if (narrower.low() <= narrower.high()) {
                each.put(concept, narrower);
                cases.add(each);
            }
        }
        return cases;
    }
}
