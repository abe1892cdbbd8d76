package org.picket.cli;

import java.util.stream.Stream;

/// The agent as one file, `java -jar picket-agent.jar join CODE`: what `picket agent` does, without that word.
public final class AgentJar {
    private AgentJar() {}

    /// Runs one command; the exit status is one of [Exit].
    public static void main(String[] arguments) {
        Main.main(Stream.concat(Stream.of("agent"), Stream.of(arguments)).toArray(String[]::new));
    }
}
