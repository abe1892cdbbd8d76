package org.picket.runtime.lifecycle;

import java.time.Duration;
import org.picket.runtime.time.TimeSource;

/// A process that serves until it is asked to end: says what it does, and ends with a status of its own.
public final class Interrupted {
    static final int STATUS = 7;

    private Interrupted() {}

    /// @param arguments none
    public static void main(String[] arguments) throws InterruptedException {
        Lifecycle life = new Lifecycle("the process", TimeSource.system());
        try (Interruption interruption = Interruption.listen(life::drain)) {
            try (life) {
                life.start("database", Duration.ofSeconds(10), () -> say("+database"), on -> say("-database"));
                life.start("services", Duration.ofSeconds(10), () -> say("+services"), on -> say("-services"));
                life.ready();
                say(life.state().name());
                interruption.await();
                say(life.state().name());
            }
            say(life.state().name());
            interruption.endWith(STATUS);
        }
    }

    private static String say(String line) {
        System.out.println(line);
        System.out.flush();
        return line;
    }
}
