package org.picket.cli;

/// Texts of others, such as a bundle's card or the names in an export, as a terminal may see them.
final class Shown {
    private Shown() {}

    /// Lines stay lines; what a terminal could take for a command becomes a question mark.
    static String text(String text) {
        return text.codePoints()
                .map(c ->
                        c == '\n' || c == '\t' || !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT
                                ? c
                                : '?')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
