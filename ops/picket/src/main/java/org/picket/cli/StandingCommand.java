package org.picket.cli;

import java.util.concurrent.Callable;
import org.picket.proto.v1.Member;
import org.picket.proto.v1.SetStandingRequest;
import org.picket.proto.v1.Standing;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Silences or drains a member, or takes that back.
abstract class StandingCommand implements Callable<Integer> {
    private final Standing standing;

    @Mixin
    private CommonOptions common;

    @Parameters(paramLabel = "MEMBER", description = "its number; 'picket members' lists them")
    private long member;

    @Option(names = "--json", description = "one JSON object")
    private boolean json;

    StandingCommand(Standing standing) {
        this.standing = standing;
    }

    @Override
    public Integer call() {
        try (Steward steward = Steward.open(common)) {
            Member changed = steward.members()
                    .setStanding(SetStandingRequest.newBuilder()
                            .setMemberId(member)
                            .setStanding(standing)
                            .build())
                    .getMember();
            if (standing == Standing.ACTIVE && changed.getStanding() == Standing.DRAINING) {
                System.err.println("member " + member + " may speak again, and is drained, as it was before it was"
                        + " suspended: 'picket resume " + member + "' once more ends that, too");
            }
            System.out.println(json ? MembersCommand.json(changed).toString() : MembersCommand.text(changed));
        }
        return Exit.COMPLETE;
    }

    /// For a while.
    @Command(
            name = "suspend",
            description = "refuses a member every call, at once, and voids its leases; 'resume' takes it back")
    static final class Suspend extends StandingCommand {
        Suspend() {
            super(Standing.SUSPENDED);
        }
    }

    /// So that it can be stopped with nothing under way.
    @Command(
            name = "drain",
            description = "gives an agent no further lease, or grants none of a crawler's storages; what lives goes on,"
                    + " and 'members' says how many leases are left; 'resume' takes it back")
    static final class Drain extends StandingCommand {
        Drain() {
            super(Standing.DRAINING);
        }
    }

    /// Again.
    @Command(
            name = "resume",
            description =
                    "lets a suspended member speak again, and a drained one have leases; one that is both takes it twice")
    static final class Resume extends StandingCommand {
        Resume() {
            super(Standing.ACTIVE);
        }
    }

    /// For good.
    @Command(name = "revoke", description = "refuses a member every call, at once and for good, and voids its leases")
    static final class Revoke extends StandingCommand {
        Revoke() {
            super(Standing.REVOKED);
        }
    }
}
