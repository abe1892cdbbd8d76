package org.picket.cli;

import org.picket.proto.v1.Role;
import picocli.CommandLine.Command;

/// An administrator's membership. Once it is there, [Administration] is the coordinator of the collective.
@Command(
        name = "admin",
        description = "an administrator's membership of a collective; findings, release, lists and status then ask its"
                + " coordinator, about the own site",
        subcommands = JoinCommand.class)
final class AdminCommand implements JoinCommand.Member {
    @Override
    public Role role() {
        return Role.ADMINISTRATOR;
    }
}
