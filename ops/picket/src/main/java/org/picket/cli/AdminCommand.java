package org.picket.cli;

import picocli.CommandLine.Command;

/// An administrator's membership. Once it is there, `picket findings` asks the coordinator of the collective.
@Command(
        name = "admin",
        description = "an administrator's membership of a collective; 'picket findings' then asks its coordinator",
        subcommands = JoinCommand.OfAdministrator.class)
final class AdminCommand {}
