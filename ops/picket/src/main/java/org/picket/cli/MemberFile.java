package org.picket.cli;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Optional;
import org.picket.proto.v1.Role;
import org.picket.runtime.channel.Addresses;
import org.picket.runtime.channel.FailedCall;
import org.picket.runtime.identity.InviteCode;
import org.picket.runtime.membership.Joining;
import org.picket.runtime.membership.MemberRecord;
import org.picket.runtime.membership.RemoteMember;
import org.picket.runtime.relay.Introduction;
import org.picket.runtime.relay.KnownPeers;
import org.picket.runtime.telemetry.Meters;
import org.picket.runtime.time.TimeSource;

/// A membership of this machine: its key, and beside it what was learnt in joining. One of each role in a data
/// folder.
///
/// @param data folder
/// @param role of the member
record MemberFile(Path data, Role role) {
    private Path path() {
        return data.resolve(word() + ".member");
    }

    private String word() {
        return switch (role) {
            case AGENT -> "agent";
            case CRAWLER -> "crawler";
            case ADMINISTRATOR -> "admin";
            case STEWARD -> "steward";
            case ROLE_UNSPECIFIED, UNRECOGNIZED -> throw new IllegalArgumentException("no role");
        };
    }

    boolean exists() {
        return Files.exists(path());
    }

    /// Joins by an invite, and keeps what comes of it. Joining again with the same key and another invite moves
    /// the membership.
    MemberRecord join(String code, String name) {
        InviteCode invite;
        try {
            invite = InviteCode.parse(code);
        } catch (IllegalArgumentException e) {
            throw new UsageFault("what was given " + e.getMessage(), e);
        }
        try {
            OwnerOnly.folder(data);
            MemberRecord record =
                    Joining.join(invite, role, KeyFile.open(data.resolve("keys"), word()), name, TimeSource.system());
            write(record.text());
            return record;
        } catch (StatusRuntimeException e) {
            throw fault(invite, e);
        } catch (IOException e) {
            throw new UncheckedIOException("the membership " + path() + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static UsageFault fault(InviteCode invite, StatusRuntimeException e) {
        String said = FailedCall.why(e.getStatus());
        return new UsageFault(
                e.getStatus().getCode() == Status.Code.UNAVAILABLE
                        ? "the coordinator at " + invite.coordinators()
                                + " cannot be reached, or is not the one that the invite is from (" + said
                                + "); the invite is unused"
                        : "the coordinator at " + invite.coordinators() + " did not let this member in: " + said,
                e);
    }

    private void write(String text) throws IOException {
        Path fresh = path().resolveSibling(path().getFileName() + ".new");
        Files.writeString(fresh, text);
        Files.move(fresh, path(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /// Begins to be that member.
    RemoteMember start() {
        return start(Optional.empty());
    }

    /// @param coordinators where they are; empty: where joining found them
    RemoteMember start(Optional<Addresses> coordinators) {
        return start(coordinators, Meters.none());
    }

    /// @param coordinators where they are; empty: where joining found them
    /// @param meters told what becomes of its calls
    RemoteMember start(Optional<Addresses> coordinators, Meters meters) {
        if (!exists()) {
            throw new UsageFault(
                    role == Role.STEWARD
                            ? "there is no coordinator's data in " + data
                                    + "; run this on the coordinator's machine, with the same --data"
                            : "there is no membership in " + data + "; join first: picket " + word() + " join CODE");
        }
        try {
            MemberRecord record = MemberRecord.parse(Files.readString(path()));
            return RemoteMember.start(
                    coordinators.map(record::at).orElse(record),
                    KeyFile.existing(data.resolve("keys"), word()),
                    TimeSource.system(),
                    meters);
        } catch (IOException e) {
            throw new UncheckedIOException("the membership " + path() + " cannot be read: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new UsageFault(
                    "the membership " + path() + " is damaged: " + e.getMessage() + "; join again with a new invite",
                    e);
        }
    }

    /// How that member gets to know others, past the relay between them.
    Introduction introduction(RemoteMember member) {
        return new Introduction(member.tls(), member::credentials, known(data.resolve(word() + ".known-peers")));
    }

    private static KnownPeers known(Path file) {
        try {
            return KnownPeers.open(file);
        } catch (IllegalArgumentException e) {
            throw new UsageFault(
                    e.getMessage() + "; take that line out, and the member is met as for the first time", e);
        }
    }

    /// For people, where joining succeeded.
    String welcome(MemberRecord record) {
        return "This is " + role.name().toLowerCase(Locale.ROOT) + " "
                + record.member().value() + " of the collective at " + record.coordinators() + " (authority "
                + record.authority() + ")."
                + (record.circle().everyone()
                        ? ""
                        : " Its storages' pictures are for the circle "
                                + FindingRows.printable(
                                        String.join(",", record.circle().entries()))
                                + " alone, unless 'crawler run --circle' names another.");
    }
}
