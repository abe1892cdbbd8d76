package org.picket.runtime.terminal;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Lines at the bottom of a terminal that are painted anew in their place. What scrolled by before stays, and the last
/// picture stays when the process ends.
///
/// For one thread.
public final class Screen {
    /// How large a terminal is taken to be that does not tell.
    private static final Size USUAL = new Size(100, 30);

    private static final Duration ASKED_EVERY = Duration.ofSeconds(2);
    private static final long ANSWER_MILLIS = 500;
    private static final Pattern STTY = Pattern.compile("(\\d{1,4}) (\\d{1,4})\\s*");
    private static final int LEAST = 20;

    private static final String UP = "\u001b[%dA";
    private static final String REST_OF_LINE = "\u001b[K";
    private static final String REST_OF_SCREEN = "\u001b[J";

    private final PrintStream out;
    private Size size = USUAL;
    private Optional<Long> asked = Optional.empty();
    private int painted;

    /// In characters.
    public record Size(int columns, int rows) {}

    /// @param out a terminal
    public Screen(PrintStream out) {
        this.out = out;
    }

    /// A screen on standard output, where a person sits before it; else empty.
    public static Optional<Screen> ofProcess() {
        return System.console() != null && System.console().isTerminal()
                ? Optional.of(new Screen(System.out))
                : Optional.empty();
    }

    /// How large the terminal is, as it was a moment ago.
    ///
    /// @param nanos by [System#nanoTime]
    public Size size(long nanos) {
        if (asked.isEmpty() || nanos - asked.get() > ASKED_EVERY.toNanos()) {
            asked = Optional.of(nanos);
            size = ask().orElse(size);
        }
        return size;
    }

    /// The system's own word; none on systems that have no `stty`.
    private static Optional<Size> ask() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!stty.waitFor(ANSWER_MILLIS, TimeUnit.MILLISECONDS)) {
                stty.destroyForcibly();
                return Optional.empty();
            }
            return read(new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /// Rows and columns; what is too small to show anything is not believed.
    static Optional<Size> read(String answer) {
        Matcher matcher = STTY.matcher(answer);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Size told = new Size(Integer.parseInt(matcher.group(2)), Integer.parseInt(matcher.group(1)));
        return Optional.of(told).filter(size -> size.columns() >= LEAST && size.rows() > 2);
    }

    /// Paints lines in the place of those before. Lines beyond the terminal's size are cut.
    public void paint(List<String> lines, Size within) {
        StringBuilder picture = new StringBuilder();
        if (painted > 0) {
            picture.append(UP.formatted(painted)).append('\r');
        }
        List<String> shown = lines.subList(0, Math.min(lines.size(), within.rows() - 1));
        shown.forEach(line ->
                picture.append(cut(line, within.columns())).append(REST_OF_LINE).append('\n'));
        picture.append(REST_OF_SCREEN);
        out.print(picture);
        out.flush();
        painted = shown.size();
    }

    /// A line that fits; what is cut off shows by its last character, and what a terminal could take for a command as
    /// a question mark.
    public static String cut(String text, int columns) {
        String line = printable(text);
        return line.codePointCount(0, line.length()) <= columns
                ? line
                : line.substring(0, line.offsetByCodePoints(0, columns - 1)) + "…";
    }

    /// Names, keys and reasons come from elsewhere: what a terminal could take for a command, or for the end of a line,
    /// is shown as a question mark.
    public static String printable(String text) {
        return text.codePoints()
                .map(c -> commands(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean commands(int c) {
        return Character.isISOControl(c)
                || switch (Character.getType(c)) {
                    case Character.FORMAT,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.SURROGATE -> true;
                    default -> false;
                };
    }
}
