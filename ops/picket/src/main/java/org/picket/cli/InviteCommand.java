package org.picket.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.picket.proto.v1.InviteResponse;
import org.picket.proto.v1.Role;
import org.picket.proto.v1.Span;
import org.picket.runtime.config.Readers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Makes an invite.
@Command(name = "invite", description = "makes a one-time invite into the collective; on the coordinator's machine")
final class InviteCommand implements Callable<Integer> {
    private static final String USUAL = "24h";

    /// Who is invited.
    enum Invited {
        AGENT(Role.AGENT),
        CRAWLER(Role.CRAWLER),
        ADMIN(Role.ADMINISTRATOR);

        private final Role role;

        Invited(Role role) {
            this.role = role;
        }
    }

    @Mixin
    private CommonOptions common;

    @Parameters(paramLabel = "agent|crawler|admin", description = "what the invited will be")
    private Invited invited;

    @Option(
            names = "--for",
            paramLabel = "NAME",
            description = "who answers for it: the site of a crawler or admin, the operator of an agent")
    private String owner = "";

    @Option(
            names = "--life",
            paramLabel = "SPAN",
            description = "how long it can be used; default 24h",
            defaultValue = USUAL)
    private String life;

    @Option(
            names = "--circle",
            paramLabel = "WHO,WHO",
            description = {
                "of a crawler: whose agents may see its pictures, unless its own settings say otherwise, as in"
                        + " 'crawler run --circle';",
                "of an agent: by what sites' circles find it: region:NAME, and operator:NAME in place of --for"
            })
    private String circle;

    @Option(names = "--json", description = "one JSON object")
    private boolean json;

    @Override
    public Integer call() {
        InviteTerms terms = InviteTerms.of(invited.role, owner, Optional.ofNullable(circle));
        Duration span;
        try {
            span = Readers.span(life);
        } catch (IllegalArgumentException e) {
            throw new UsageFault("--life " + life + " " + e.getMessage(), e);
        }
        try (Steward steward = Steward.open(common)) {
            InviteResponse invite = steward.members()
                    .invite(terms.request().toBuilder()
                            .setLife(Span.newBuilder().setMilliseconds(span.toMillis()))
                            .build());
            if (json) {
                System.out.println(new Json()
                        .put("code", invite.getCode())
                        .put(
                                "life_seconds",
                                Duration.ofMillis(invite.getLife().getMilliseconds())
                                        .toSeconds()));
            } else {
                System.out.println(invite.getCode());
                terms.said().forEach(line -> System.err.println("picket: " + line));
                System.err.println("picket: whoever has this code first becomes a member. It serves once, within "
                        + life + ": picket " + invited.name().toLowerCase(java.util.Locale.ROOT) + " join CODE");
            }
        }
        return Exit.COMPLETE;
    }
}
