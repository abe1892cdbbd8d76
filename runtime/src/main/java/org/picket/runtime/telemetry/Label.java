package org.picket.runtime.telemetry;

import java.util.Locale;
import java.util.regex.Pattern;

/// A label of a number: one of a small fixed set of words. What could be a key, a hash or an id is refused.
///
/// @param name as in `state`
/// @param value as in `leased`
public record Label(String name, String value) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z_]{0,31}");
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.+-]{0,47}");
    /// The longest number in a word: versions and counts have short ones, hashes and ids do not.
    private static final Pattern LONG_NUMBER = Pattern.compile("[0-9]{4}");

    private static final Pattern HEX = Pattern.compile("(?i)(?=[a-f]*[0-9])[0-9a-f]{8}");

    public Label {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a label's name is a short lower-case word");
        }
        if (!WORD.matcher(value).matches()
                || LONG_NUMBER.matcher(value).find()
                || HEX.matcher(value).find()) {
            throw new IllegalArgumentException("the label " + name + " is given what is no word of a fixed set");
        }
    }

    /// A word.
    public static Label of(String name, String value) {
        return new Label(name, value);
    }

    /// A constant, in lower case.
    public static Label of(String name, Enum<?> value) {
        return new Label(name, value.name().toLowerCase(Locale.ROOT));
    }

    /// The number of one of a few equals, such as the agents of a process.
    public static Label of(String name, int number) {
        return new Label(name, Integer.toString(number));
    }
}
