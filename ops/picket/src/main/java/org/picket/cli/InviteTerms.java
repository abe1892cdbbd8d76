package org.picket.cli;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import org.picket.proto.circle.Circle;
import org.picket.proto.v1.InviteRequest;
import org.picket.proto.v1.Role;

/// Who is invited, for whom, and into which circle: of a crawler the circle that its storages have, of an agent the
/// parts of sites' circles that find it. Pure.
///
/// @param role what the invited will be
/// @param owner who answers for it
/// @param region where an agent stands; empty: not told
/// @param circle of a crawler's storages; empty: not told
record InviteTerms(Role role, String owner, String region, Optional<Circle> circle) {
    InviteTerms {
        Objects.requireNonNull(role);
        Objects.requireNonNull(owner);
        Objects.requireNonNull(region);
        Objects.requireNonNull(circle);
    }

    /// Reads what a person gave.
    ///
    /// @param owner by --for; empty: not given
    /// @param circle by --circle
    /// @throws UsageFault saying what cannot be
    static InviteTerms of(Role role, String owner, Optional<String> circle) {
        Optional<Circle> given = circle.map(InviteTerms::parse);
        InviteTerms terms = switch (role) {
            case AGENT -> agent(owner.strip(), given);
            case CRAWLER -> new InviteTerms(role, owner.strip(), "", given);
            case ADMINISTRATOR -> {
                if (given.isPresent()) {
                    throw new UsageFault("an admin sees no pictures and is of no circle: give --circle to the"
                            + " invites of the site's crawlers, or of agents");
                }
                yield new InviteTerms(role, owner.strip(), "", given);
            }
            case STEWARD, ROLE_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException("nobody is invited to be " + role);
        };
        if (terms.owner.isEmpty()) {
            throw new UsageFault("say by --for NAME who answers for it: the site of a crawler or admin, the operator of"
                    + " an agent");
        }
        return terms;
    }

    private static Circle parse(String text) {
        try {
            return Circle.parse(List.of(text.split(",")));
        } catch (IllegalArgumentException e) {
            throw new UsageFault("--circle " + text + ": " + e.getMessage(), e);
        }
    }

    private static InviteTerms agent(String owner, Optional<Circle> given) {
        if (given.isEmpty()) {
            return new InviteTerms(Role.AGENT, owner, "", given);
        }
        Circle circle = given.get();
        if (circle.everyone()
                || circle.own()
                || !circle.agents().isEmpty()
                || circle.regions().size() > 1
                || circle.operators().size() > 1) {
            throw new UsageFault("an agent's --circle says by what sites' circles find it: one region:NAME, one"
                    + " operator:NAME. It is its site's own by --for SITE; its key is made when it joins");
        }
        String operator = only(circle.operators());
        if (!operator.isEmpty() && !owner.isEmpty() && !operator.equals(owner)) {
            throw new UsageFault("--for " + owner + " and --circle operator:" + operator
                    + " are two operators: one answers for an agent");
        }
        return new InviteTerms(
                Role.AGENT, owner.isEmpty() ? operator : owner, only(circle.regions()), Optional.empty());
    }

    private static String only(SortedSet<String> names) {
        return names.isEmpty() ? "" : names.getFirst();
    }

    /// Without its life.
    InviteRequest request() {
        InviteRequest.Builder request =
                InviteRequest.newBuilder().setRole(role).setOwner(owner).setRegion(region);
        circle.map(Circle::named).ifPresent(request::setCircle);
        return request.build();
    }

    /// What the inviter should know of it, a line each.
    List<String> said() {
        return switch (role) {
            case AGENT ->
                List.of("storages let it see their pictures whose circle is everyone, or names operator:" + owner
                        + (region.isEmpty() ? "" : " or region:" + region) + ", or is " + owner
                        + "'s and says own");
            case CRAWLER ->
                List.of(
                        circle.filter(named -> !named.everyone()).isPresent()
                                ? "its pictures are for this circle alone: "
                                        + String.join(",", circle.get().entries())
                                        + ". Its own settings may name another"
                                : "agents of every operator of the collective may see its pictures, unless its own"
                                        + " settings name a circle");
            case ADMINISTRATOR, STEWARD, ROLE_UNSPECIFIED, UNRECOGNIZED -> List.of();
        };
    }
}
