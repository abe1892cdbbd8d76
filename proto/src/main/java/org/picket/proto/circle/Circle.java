package org.picket.proto.circle;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.picket.proto.seal.KeyId;

/// The operators that a site accepts for a storage. An agent is of the circle if any part of it names the agent.
/// Pure.
///
/// @param own whether the site's own agents are: those for which it answers itself
/// @param operators by name, as their invites said
/// @param regions where agents stand, as their invites said
/// @param agents by the id of their keys, in hexadecimal: what no coordinator can forge
public record Circle(boolean own, SortedSet<String> operators, SortedSet<String> regions, SortedSet<String> agents) {
    /// Every operator of the collective.
    public static final Circle EVERYONE = new Circle(false, none(), none(), none());

    /// Parts of one circle.
    public static final int MOST_PARTS = 256;

    /// Characters of an operator's name.
    public static final int MOST_NAME = 200;

    /// How such names look.
    public static final String NAMES =
            "1 to " + MOST_NAME + " printable characters without a comma, and no blank at either end";

    /// Bytes of one circle on the wire: whoever looks at the collective is shown those of many storages.
    public static final int MOST_BYTES = 8_192;

    /// How entries look.
    public static final String FORMS = "own, operator:NAME, region:NAME or agent:KEY-ID";

    /// The one entry of a circle that leaves nobody out.
    public static final String OPEN = "everyone";

    private static final String REGION = "[a-z0-9][a-z0-9-]{0,31}";
    private static final String OPERATOR_PREFIX = "operator:";
    private static final String REGION_PREFIX = "region:";
    private static final String AGENT_PREFIX = "agent:";

    public Circle {
        operators = unmodifiable(operators);
        regions = unmodifiable(regions);
        agents = unmodifiable(agents);
    }

    private static SortedSet<String> none() {
        return new TreeSet<>();
    }

    private static SortedSet<String> unmodifiable(SortedSet<String> set) {
        return java.util.Collections.unmodifiableSortedSet(new TreeSet<>(set));
    }

    /// Whether it leaves nobody out.
    public boolean everyone() {
        return equals(EVERYONE);
    }

    /// Whether an agent is of the circle.
    ///
    /// @param own whether the site itself answers for the agent
    public boolean accepts(Applicant agent, boolean own) {
        return everyone()
                || this.own && own
                || operators.contains(agent.operator())
                || regions.contains(agent.region())
                || agents.contains(agent.key().toString());
    }

    /// Reads entries as people write them: [#OPEN] alone, or some of [#FORMS].
    ///
    /// @throws IllegalArgumentException naming the entry that is none, or the bound
    public static Circle parse(List<String> entries) {
        if (entries.stream().map(String::strip).toList().equals(List.of(OPEN))) {
            return EVERYONE;
        }
        boolean own = false;
        SortedSet<String> operators = none();
        SortedSet<String> regions = none();
        SortedSet<String> agents = none();
        for (String entry : entries.stream().map(String::strip).toList()) {
            if (entry.equals("own")) {
                own = true;
            } else if (entry.startsWith(OPERATOR_PREFIX)) {
                operators.add(entry.substring(OPERATOR_PREFIX.length()).strip());
            } else if (entry.startsWith(REGION_PREFIX)) {
                regions.add(entry.substring(REGION_PREFIX.length()).strip());
            } else if (entry.startsWith(AGENT_PREFIX)) {
                agents.add(entry.substring(AGENT_PREFIX.length()).strip());
            } else {
                throw new IllegalArgumentException("\"" + entry + "\" is not " + FORMS);
            }
        }
        return sound(new Circle(own, operators, regions, agents));
    }

    /// Reads a circle off the wire.
    ///
    /// @throws IllegalArgumentException saying what is wrong with it
    public static Circle of(org.picket.proto.v1.Circle wire) {
        return wire.equals(EVERYONE.named()) ? EVERYONE : sound(read(wire));
    }

    private static Circle read(org.picket.proto.v1.Circle wire) {
        if (wire.getEveryone()) {
            throw new IllegalArgumentException("a circle that is open to everyone names nobody else");
        }
        SortedSet<String> agents = none();
        wire.getAgentKeyIdsList().stream()
                .map(ByteString::toByteArray)
                .map(HexFormat.of()::formatHex)
                .forEach(agents::add);
        return new Circle(
                wire.getOwn(), new TreeSet<>(wire.getOperatorsList()), new TreeSet<>(wire.getRegionsList()), agents);
    }

    /// Reads what [#bytes] gave, also where names had other bounds then.
    ///
    /// @throws IllegalArgumentException if it is something else
    public static Circle ofBytes(byte[] kept) {
        try {
            return kept.length == 0 ? EVERYONE : bounded(read(org.picket.proto.v1.Circle.parseFrom(kept)));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("a circle that was kept cannot be read", e);
        }
    }

    private static Circle bounded(Circle circle) {
        if (circle.everyone()) {
            throw new IllegalArgumentException("a circle names somebody: " + FORMS);
        }
        if (circle.entries().size() > MOST_PARTS) {
            throw new IllegalArgumentException("a circle has at most " + MOST_PARTS + " parts");
        }
        if (circle.bytes().length > MOST_BYTES) {
            throw new IllegalArgumentException("a circle has at most " + MOST_BYTES + " bytes");
        }
        return circle;
    }

    private static Circle sound(Circle circle) {
        bounded(circle).operators.stream()
                .filter(name -> !isName(name))
                .findFirst()
                .ifPresent(_ -> {
                    throw new IllegalArgumentException("an operator's name has " + NAMES);
                });
        circle.regions.stream().filter(name -> !isRegion(name)).findFirst().ifPresent(name -> {
            throw new IllegalArgumentException("the region \"" + name + "\" is not of small letters, digits and -");
        });
        circle.agents.stream()
                .filter(id -> !id.matches("[0-9a-f]{" + 2 * KeyId.LENGTH + "}"))
                .findFirst()
                .ifPresent(id -> {
                    throw new IllegalArgumentException("\"" + id + "\" is no key id: " + 2 * KeyId.LENGTH
                            + " hexadecimal digits, as 'picket members' and the agent show it");
                });
        return circle;
    }

    /// Whether that can be the name of an operator, or of a site, which may be one. Circles are written with commas
    /// between their entries, each on one line.
    public static boolean isName(String name) {
        return !name.isEmpty()
                && name.length() <= MOST_NAME
                && name.equals(name.strip())
                && name.codePoints().noneMatch(one -> one == ',' || hidden(one));
    }

    /// What nobody sees in a line, or what breaks it.
    private static boolean hidden(int one) {
        return switch (Character.getType(one)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }

    /// Whether that can be the name of a region: up to 32 small letters, digits and hyphens.
    public static boolean isRegion(String name) {
        return name.matches(REGION);
    }

    /// For the wire; empty where everyone is of it.
    public Optional<org.picket.proto.v1.Circle> wire() {
        if (everyone()) {
            return Optional.empty();
        }
        return Optional.of(org.picket.proto.v1.Circle.newBuilder()
                .setOwn(own)
                .addAllOperators(operators)
                .addAllRegions(regions)
                .addAllAgentKeyIds(agents.stream()
                        .map(HexFormat.of()::parseHex)
                        .map(ByteString::copyFrom)
                        .toList())
                .build());
    }

    /// For the wire, where it is to be said also that everyone is of it.
    public org.picket.proto.v1.Circle named() {
        return wire().orElseGet(() ->
                org.picket.proto.v1.Circle.newBuilder().setEveryone(true).build());
    }

    /// As it is kept; none where everyone is of it.
    public byte[] bytes() {
        return wire().map(org.picket.proto.v1.Circle::toByteArray).orElse(new byte[0]);
    }

    /// The entries that it is made of, as people write them; none where everyone is of it.
    public List<String> entries() {
        List<String> entries = new ArrayList<>();
        if (own) {
            entries.add("own");
        }
        Stream.of(
                        operators.stream().map(OPERATOR_PREFIX::concat),
                        regions.stream().map(REGION_PREFIX::concat),
                        agents.stream().map(AGENT_PREFIX::concat))
                .flatMap(each -> each.sorted(Comparator.naturalOrder()))
                .forEach(entries::add);
        return List.copyOf(entries);
    }
}
