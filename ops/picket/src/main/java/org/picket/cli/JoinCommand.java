package org.picket.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.picket.proto.v1.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Joins a collective by an invite.
abstract class JoinCommand implements Callable<Integer> {
    private static final int NAME_LENGTH = 200;

    private final Role role;

    @Mixin
    private CommonOptions common;

    @Parameters(paramLabel = "CODE", description = "the invite; it serves once")
    private String code;

    @Option(names = "--name", paramLabel = "NAME", description = "what the others see; default: this account's name")
    private String name;

    JoinCommand(Role role) {
        this.role = role;
    }

    @Override
    public Integer call() {
        String shown = Optional.ofNullable(name).orElseGet(Solo::person);
        if (shown.length() > NAME_LENGTH) {
            throw new UsageFault("a name has at most " + NAME_LENGTH + " characters");
        }
        MemberFile file = new MemberFile(Setting.of(common.configuration()).data(), role);
        System.out.println(file.welcome(file.join(code, shown)));
        return Exit.COMPLETE;
    }

    /// As an agent.
    @Command(
            name = "join",
            description = "makes this machine's agent a member of the collective that the invite is from")
    static final class OfAgent extends JoinCommand {
        OfAgent() {
            super(Role.AGENT);
        }
    }

    /// As a crawler.
    @Command(
            name = "join",
            description = "makes this machine's crawler a member of the collective that the invite is from")
    static final class OfCrawler extends JoinCommand {
        OfCrawler() {
            super(Role.CRAWLER);
        }
    }

    /// As an administrator of a site.
    @Command(
            name = "join",
            description = "makes this account an administrator of its site in the collective that the invite is from")
    static final class OfAdministrator extends JoinCommand {
        OfAdministrator() {
            super(Role.ADMINISTRATOR);
        }
    }
}
