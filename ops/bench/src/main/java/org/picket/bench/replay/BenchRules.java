package org.picket.bench.replay;

/// The rules that are measured, about concepts c0 to c63.
enum BenchRules {
    /// One conjunction, as in the stand-in's policy.
    SMALL("one of 4 tests") {
        @Override
        String body(double by) {
            return """
                    rule {
                      id: "r1" category: "test.one"
                      all { concept: "c0" gte: %s } any { concept: "c1" gte: 0.3 } any { concept: "c2" gte: 0.3 }
                      none { concept: "c3" gte: 0.6 }
                    }
                    """.formatted(0.3 + by);
        }
    },

    /// Gates, contexts, weighted counts, adjustments and overrides over all concepts.
    LARGE("the whole language over all concepts") {
        @Override
        String body(double by) {
            StringBuilder text = new StringBuilder();
            for (int group = 0; group < 4; group++) {
                text.append("group { id: \"g").append(group).append("\"\n");
                for (int i = group; i < StoredScores.CONCEPTS; i += 4) {
                    text.append("member { concept: \"c").append(i).append("\" tier { name: \"low\" gte: 0.3 }");
                    text.append(" tier { name: \"danger\" above: \"low\" plus: 0.15 } }\n");
                }
                text.append("exclusive { concept: [\"c")
                        .append(group)
                        .append("\", \"c")
                        .append(group + 4);
                text.append("\"] } }\n");
            }
            return text + """
                    context { id: "drawn" when { group: "g0" tier: "low" at_least: 3 } unless { concept: "c5" gte: 0.4 } }
                    adjust { group: "g1" add: 0.02 when { concept: "c9" gte: 0.35 } }
                    rule {
                      id: "r1" category: "test.one" gate { group: "g2" tier: "low" }
                      all { group: "g1" tier: "low" toward: "danger" fraction: 0.4 at_least: 4
                            weight { tier: "danger" counts: 2 } }
                      none { context: "drawn" }
                    }
                    rule {
                      id: "r2" category: "test.two"
                      all { context: "drawn" } all { group: "g3" tier: "low" at_least: %d } near: 0.01
                    }
                    """.formatted(by > 0 ? 3 : 2);
        }
    };

    private final String words;

    BenchRules(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    /// Rules after the head; a higher number flags less.
    abstract String body(double by);

    /// @param version 2 flags more than 1
    String text(int version) {
        return "id: \"bench\" version: " + version + "\n" + body(version == 1 ? 0.1 : 0);
    }
}
