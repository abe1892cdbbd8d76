package org.picket.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.picket.proto.v1.FindingsGrpc.FindingsBlockingStub;
import org.picket.proto.v1.HashListsGrpc.HashListsBlockingStub;
import org.picket.proto.v1.Role;
import org.picket.runtime.config.Configuration;

/// Whom an administrator's command asks: the coordinator of the collective of which this account is an
/// administrator, else what scans on this machine have left behind. Where there is such a membership, nothing
/// else is ever asked.
interface Administration extends AutoCloseable {
    /// For commands about what was there before them.
    static Administration existing(Configuration configuration) {
        Setting setting = Setting.of(configuration);
        return membership(setting).exists()
                ? CollectiveAdministration.open(membership(setting), setting)
                : new SoloAdministration(Solo.existing(configuration));
    }

    /// For a command that may be the first one here: a data folder without a membership becomes one for scans.
    static Administration open(Configuration configuration) {
        Setting setting = Setting.of(configuration);
        return membership(setting).exists()
                ? CollectiveAdministration.open(membership(setting), setting)
                : new SoloAdministration(Solo.open(setting));
    }

    private static MemberFile membership(Setting setting) {
        ofNobodyElse(setting.data());
        return new MemberFile(setting.data(), Role.ADMINISTRATOR);
    }

    /// What such a folder knows of findings and lists is nothing, and what were imported there would count
    /// nowhere.
    private static void ofNobodyElse(Path data) {
        if (new MemberFile(data, Role.ADMINISTRATOR).exists()) {
            return;
        }
        if (new MemberFile(data, Role.STEWARD).exists()) {
            throw new UsageFault(
                    "the data folder " + data + " is that of a collective's coordinator, whose findings and"
                            + " lists are its sites'; ask as an administrator of a site, with a data folder of its own: picket"
                            + " admin join CODE, with a code by 'picket invite admin --for SITE'");
        }
        if (scans(data)) {
            return;
        }
        for (Role role : List.of(Role.CRAWLER, Role.AGENT)) {
            if (new MemberFile(data, role).exists()) {
                throw new UsageFault("the data folder " + data + " is that of "
                        + (role == Role.AGENT ? "an " : "a ") + role.name().toLowerCase(Locale.ROOT)
                        + " of a collective, which has no findings and lists of its own; ask as an administrator of"
                        + " the site: picket admin join CODE, with a code by 'picket invite admin --for SITE'");
            }
        }
    }

    /// Whether scans on this machine have left anything there, or a coordinator.
    static boolean scans(Path data) {
        return Files.exists(data.resolve("keys").resolve("coordinator.key"));
    }

    FindingsBlockingStub findings();

    HashListsBlockingStub hashLists();

    /// Makes a call that is safe to send again, as often as a person waits for it.
    <T> T ask(Supplier<T> call);

    /// Who gives orders; empty: whom the coordinator knows this account as.
    String orderedBy();

    /// Has carried out what was ordered, or waits until others have.
    ///
    /// @param wait how long others have time
    Outcomes carryOut(Ordered ordered, Duration wait);

    @Override
    void close();
}
