package org.picket.coordinator.policy;

import com.google.protobuf.TextFormat;
import com.google.protobuf.TextFormatParseInfoTree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.picket.coordinator.policy.Place.Spot;
import org.picket.proto.v1.PolicyFile;

/// Reads one policy's text. A text that breaks the format's grammar has the one fault where reading stopped;
/// any other has all its faults told at once.
final class PolicyReader {
    /// Characters of a policy's text, with the entries of list files, so that it fits into one message of the
    /// contract.
    static final int TEXT_LIMIT = 3 * 1024 * 1024;

    /// What to do about them.
    static final String LONG_LISTS = "bring long lists in by `picket lists import`";

    /// Characters of one entry as `sha256: "…"` on a line of its own.
    private static final int CHARACTERS_PER_ENTRY = 80;

    /// Entries of all lists.
    static final int ENTRY_LIMIT = TEXT_LIMIT / CHARACTERS_PER_ENTRY;

    private static final int NESTING_LIMIT = 40;

    private static final TextFormat.Parser.Builder STRICT = TextFormat.Parser.newBuilder()
            .setSingularOverwritePolicy(TextFormat.Parser.SingularOverwritePolicy.FORBID_SINGULAR_OVERWRITES)
            .setRecursionLimit(NESTING_LIMIT);

    /// How the parser tells of unknown fields: one line each, after all else has been read.
    private static final Pattern UNKNOWN_FIELD = Pattern.compile("(?m)^(\\d+):(\\d+):\\s*(\\S+)$");

    private static final Pattern POSITION = Pattern.compile("^\\d+:\\d+:\\s*");

    private final Optional<Path> base;

    /// @param base the folder of list files; empty: there may be none
    PolicyReader(Optional<Path> base) {
        this.base = base;
    }

    PolicyParsed read(String text) {
        if (text.length() > TEXT_LIMIT) {
            return refused(Spot.TOP, "the text has more than " + TEXT_LIMIT + " characters; " + LONG_LISTS);
        }
        var file = PolicyFile.newBuilder();
        var tree = TextFormatParseInfoTree.builder();
        List<Fault> unknown = List.of();
        try {
            parser(tree).merge(text, file);
        } catch (TextFormat.ParseException e) {
            unknown = unknownFields(String.valueOf(e.getMessage()));
            if (unknown.isEmpty()) {
                var message = POSITION.matcher(String.valueOf(e.getMessage())).replaceFirst("");
                return refused(new Spot(Math.max(1, e.getLine()), Math.max(1, e.getColumn())), message);
            }
        }
        return policy(text, file.build(), new Place(PolicyFile.getDescriptor(), tree.build(), Spot.TOP), unknown);
    }

    private static synchronized TextFormat.Parser parser(TextFormatParseInfoTree.Builder tree) {
        return STRICT.setParseInfoTreeBuilder(tree).build();
    }

    private static PolicyParsed refused(Spot spot, String message) {
        return new PolicyParsed.Faults(List.of(new Fault(spot.line(), spot.column(), message)));
    }

    private static List<Fault> unknownFields(String message) {
        var faults = new ArrayList<Fault>();
        if (message.contains("unknown fields")) {
            UNKNOWN_FIELD.matcher(message).results().limit(Reading.FAULT_LIMIT).forEach(match -> {
                var path = match.group(3);
                faults.add(new Fault(
                        Integer.parseInt(match.group(1)),
                        Integer.parseInt(match.group(2)),
                        "unknown field \"" + path.substring(path.lastIndexOf('.') + 1) + "\""));
            });
        }
        return faults;
    }

    private PolicyParsed policy(String text, PolicyFile file, Place place, List<Fault> unknown) {
        Set<String> declared = new LinkedHashSet<>();
        file.getUsesList().forEach(uses -> declared.addAll(uses.getConceptList()));
        var reading = new Reading(declared);
        unknown.forEach(fault -> reading.fault(new Spot(fault.line(), fault.column()), fault.message()));
        head(reading, place, file);
        var scoring = new ScoringReader(reading).read(place, file);
        var lists = new ArrayList<HashList>();
        var listReader = new ListReader(reading, base);
        for (int i = 0; i < file.getListCount(); i++) {
            listReader
                    .list(place.in(PolicyFile.LIST_FIELD_NUMBER, i), file.getList(i))
                    .ifPresent(lists::add);
        }
        long entries = lists.stream().mapToLong(list -> list.hashes().size()).sum();
        boolean files = file.getListList().stream().anyMatch(list -> list.getFileCount() > 0);
        if (files && text.length() + entries * CHARACTERS_PER_ENTRY > TEXT_LIMIT) {
            reading.fault(
                    Spot.TOP,
                    "the lists are too long to travel with the policy: at most some " + ENTRY_LIMIT + " entries do; "
                            + LONG_LISTS);
        }
        if (file.getRuleCount() == 0 && lists.stream().noneMatch(list -> list.kind() instanceof HashList.Deny)) {
            reading.fault(Spot.TOP, "the policy has no rule and no DENY list: nothing could ever be a finding");
        }
        var bounds = new BoundsReader(reading).read(place, file);
        if (reading.faultCount() > 0) {
            return new PolicyParsed.Faults(reading.faults());
        }
        var bundles = file.getUsesList().stream()
                .map(PolicyFile.Uses::getBundle)
                .filter(bundle -> !bundle.isEmpty())
                .distinct()
                .toList();
        return new PolicyParsed.Valid(new Policy(
                new Policy.Source(text, file),
                scoring,
                lists,
                bounds,
                new Policy.Vocabulary(bundles, reading.uses()),
                CanonicalPolicy.digest(file, bounds, lists)));
    }

    private static void head(Reading reading, Place place, PolicyFile file) {
        reading.identifier(place.at(PolicyFile.ID_FIELD_NUMBER), "the policy's id", file.getId());
        if (file.getVersion() < 1) {
            reading.fault(place.at(PolicyFile.VERSION_FIELD_NUMBER), "the policy needs a `version` of 1 or more");
        }
        for (int i = 0; i < file.getUsesCount(); i++) {
            var uses = place.in(PolicyFile.USES_FIELD_NUMBER, i);
            for (int j = 0; j < file.getUses(i).getConceptCount(); j++) {
                reading.declaration(
                        uses.at(PolicyFile.Uses.CONCEPT_FIELD_NUMBER, j),
                        file.getUses(i).getConcept(j));
            }
        }
    }
}
