package org.picket.coordinator.policy;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What `policy check FILE` says of a file.
///
/// @param lines for people: `FILE:LINE:COLUMN: message` for each fault, or one line on what the policy is, and
/// one warning for each thing that a sound policy asks for in vain
/// @param exitCode 0 sound, 1 faulty, 2 not readable
/// @param policy where it is sound
public record PolicyCheck(List<String> lines, int exitCode, Optional<Policy> policy) {
    public static final int SOUND = 0;
    public static final int FAULTY = 1;
    public static final int UNREADABLE = 2;

    public PolicyCheck {
        lines = List.copyOf(lines);
    }

    /// Checks a policy by itself.
    public static PolicyCheck of(Path file) {
        return read(file, Optional.empty());
    }

    /// Checks a policy, and that a bundle has the concepts that it names.
    public static PolicyCheck of(Path file, List<String> bundleConcepts) {
        return read(file, Optional.of(List.copyOf(bundleConcepts)));
    }

    private static PolicyCheck read(Path file, Optional<List<String>> bundleConcepts) {
        try {
            if (Files.isDirectory(file)) {
                return unreadable(file, "is a folder; give the policy's file");
            }
            if (!Files.exists(file)) {
                return unreadable(file, "does not exist");
            }
            if (Files.size(file) > PolicyReader.TEXT_LIMIT) {
                return unreadable(
                        file, "is larger than " + PolicyReader.TEXT_LIMIT + " bytes; " + PolicyReader.LONG_LISTS);
            }
            return check(file, Files.readString(file), bundleConcepts);
        } catch (CharacterCodingException e) {
            return unreadable(file, "is not text in UTF-8");
        } catch (IOException e) {
            return unreadable(file, "cannot be read: " + e.getMessage());
        }
    }

    private static PolicyCheck unreadable(Path file, String why) {
        return new PolicyCheck(List.of(file + ": " + why), UNREADABLE, Optional.empty());
    }

    private static PolicyCheck check(Path file, String text, Optional<List<String>> bundleConcepts) {
        var folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("."));
        return switch (Policy.parse(text, folder)) {
            case PolicyParsed.Faults refused -> faulty(file, refused.faults());
            case PolicyParsed.Valid valid -> {
                var missing = bundleConcepts
                        .map(concepts -> valid.policy().checkAgainst(concepts))
                        .orElse(List.of());
                yield missing.isEmpty() ? sound(file, valid.policy()) : faulty(file, missing);
            }
        };
    }

    private static PolicyCheck faulty(Path file, List<Fault> faults) {
        return new PolicyCheck(faults.stream().map(fault -> file + ":" + fault).toList(), FAULTY, Optional.empty());
    }

    private static PolicyCheck sound(Path file, Policy policy) {
        var parts = new ArrayList<String>();
        parts.add(file + ": sound: policy \"" + policy.id() + "\" version " + policy.version());
        parts.add(count(policy.rules().size(), "rule"));
        parts.add(count(policy.lists().size(), "list"));
        parts.add("concepts: " + Reading.named(policy.concepts()));
        parts.add("digest " + policy.digest().hex());
        var lines = new ArrayList<String>();
        lines.add(String.join(", ", parts));
        if (!policy.further().isEmpty()) {
            lines.add(file + ": scan with --further-bundle FILE for each of: "
                    + Reading.named(
                            policy.further().stream().map(Further::bundle).toList()));
        }
        policy.idle().forEach(idle -> lines.add(file + ": warning: " + idle));
        return new PolicyCheck(lines, SOUND, Optional.of(policy));
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
