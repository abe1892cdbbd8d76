package org.picket.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.picket.proto.v1.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// Joins a collective by an invite, in the role that the command above it is about.
@Command(
        name = "join",
        description = "makes this machine's ${PARENT-COMMAND-NAME} a member of the collective that the invite is from")
final class JoinCommand implements Callable<Integer> {
    private static final int NAME_LENGTH = 200;

    /// A command about members of one role.
    interface Member {
        Role role();
    }

    @ParentCommand
    private Member member;

    @Mixin
    private CommonOptions common;

    @Parameters(paramLabel = "CODE", description = "the invite; it serves once")
    private String code;

    @Option(names = "--name", paramLabel = "NAME", description = "what the others see; default: this account's name")
    private String name;

    @Override
    public Integer call() {
        String shown = Optional.ofNullable(name).orElseGet(Solo::person);
        if (shown.length() > NAME_LENGTH) {
            throw new UsageFault("a name has at most " + NAME_LENGTH + " characters");
        }
        Path data = Setting.of(common.configuration()).data();
        if (member.role() == Role.ADMINISTRATOR && Administration.scans(data)) {
            throw new UsageFault("the data folder " + data + " has findings of scans of its own, which no command would"
                    + " reach any more with this membership beside them; name another folder by --data");
        }
        MemberFile file = new MemberFile(data, member.role());
        System.out.println(file.welcome(file.join(code, shown)));
        return Exit.COMPLETE;
    }
}
