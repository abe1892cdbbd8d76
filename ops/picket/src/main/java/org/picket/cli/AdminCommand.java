package org.picket.cli;

import org.picket.proto.v1.Role;
import picocli.CommandLine.Command;

/// An administrator's membership. Once it is there, `picket findings` asks the coordinator of the collective.
@Command(
        name = "admin",
        description = "an administrator's membership of a collective; 'picket findings' then asks its coordinator",
        subcommands = JoinCommand.class)
final class AdminCommand implements JoinCommand.Member {
    @Override
    public Role role() {
        return Role.ADMINISTRATOR;
    }
}
