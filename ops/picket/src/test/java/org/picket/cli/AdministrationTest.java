package org.picket.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.picket.crawler.order.SitePolicy;
import org.picket.proto.v1.Mode;
import org.picket.runtime.config.Configuration;
import picocli.CommandLine;

/// Whom administrators' commands ask, and what a site lets them do.
class AdministrationTest {
    @TempDir
    private Path data;

    @Test
    void whereThereIsAMembershipNothingElseIsAsked() throws IOException {
        Files.writeString(data.resolve("admin.member"), "damaged");
        KeyFile.open(data.resolve("keys"), "coordinator");
        KeyFile.open(data.resolve("keys"), "admin");
        for (Opening opening : List.<Opening>of(Administration::existing, Administration::open)) {
            UsageFault fault = assertThrows(UsageFault.class, () -> opening.open(configuration()));
            assertTrue(fault.getMessage().contains("admin.member is damaged"), fault::getMessage);
        }
        assertFalse(Files.exists(data.resolve("database")), "a database was made beside a membership");
    }

    private interface Opening {
        Administration open(Configuration configuration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"crawler", "agent"})
    void folderOfAnotherMemberIsNotMadeOneForScans(String role) throws IOException {
        Files.writeString(data.resolve(role + ".member"), "whatever");
        UsageFault fault = assertThrows(UsageFault.class, () -> Administration.open(configuration()));
        assertTrue(fault.getMessage().contains(role + " of a collective"), fault::getMessage);
        assertTrue(fault.getMessage().contains("picket admin join CODE"), fault::getMessage);
        assertFalse(Files.exists(data.resolve("keys")));
    }

    /// Its findings are its sites'; what a second coordinator beside it imported would count nowhere.
    @Test
    void folderOfACollectivesCoordinatorIsNotTakenForThatOfScans() throws IOException {
        Files.writeString(data.resolve("steward.member"), "whatever");
        KeyFile.open(data.resolve("keys"), "coordinator");
        for (Opening opening : List.<Opening>of(Administration::existing, Administration::open)) {
            UsageFault fault = assertThrows(UsageFault.class, () -> opening.open(configuration()));
            assertTrue(fault.getMessage().contains("collective's coordinator"), fault::getMessage);
        }
        assertFalse(Files.exists(data.resolve("database")));
    }

    /// Ids would mean other findings from then on, and what scans quarantined would be out of reach.
    @Test
    void nobodyBecomesAnAdministratorInAFolderOfScans() throws IOException {
        KeyFile.open(data.resolve("keys"), "coordinator");
        StringWriter said = new StringWriter();
        CommandLine main = new CommandLine(new AdminCommand())
                .setErr(new PrintWriter(said))
                .setExecutionExceptionHandler((fault, line, _) -> {
                    line.getErr().println(fault.getMessage());
                    return Exit.USAGE;
                });
        assertEquals(Exit.USAGE, main.execute("join", "picket-code", "--data", data.toString()));
        assertTrue(said.toString().contains("findings of scans of its own"), said::toString);
        assertFalse(Files.exists(data.resolve("admin.member")));
    }

    @Test
    void waitIsASpanOrNone() {
        assertEquals(Duration.ofMinutes(2), options().span());
        assertEquals(Duration.ZERO, options("--wait", "0s").span());
        assertEquals(Duration.ofSeconds(90), options("--wait", "90s").span());
        assertThrows(UsageFault.class, () -> options("--wait", "soon").span());
        assertThrows(UsageFault.class, () -> options("--wait", "99999w").span());
    }

    private static OrderOptions options(String... arguments) {
        OrderOptions options = new OrderOptions();
        new CommandLine(CommandLine.Model.CommandSpec.create()
                        .addMixin("order", CommandLine.Model.CommandSpec.forAnnotatedObject(options)))
                .parseArgs(arguments);
        return options;
    }

    @Test
    void siteHeedsItsAdministratorsBeyondItsModeOnlyWhereItSaysSo() {
        assertEquals(SitePolicy.of(Mode.OBSERVE), policy(Map.of()));
        assertEquals(
                SitePolicy.of(Mode.OBSERVE).heedingAdministrators(),
                policy(Map.of("crawler.heed-administrators", "true")));
        assertEquals(
                SitePolicy.of(Mode.QUARANTINE_FLAGGED),
                policy(Map.of("crawler.heed-administrators", "false", "scan.mode", "quarantine")));
    }

    private static SitePolicy policy(Map<String, String> flags) {
        return AskedStorage.policy(SettingTest.configuration(flags));
    }

    @Test
    void faultsOfCallsSayWhatToDo() {
        assertTrue(CallFaults.words(Status.UNAVAILABLE.withDescription("io exception"))
                .contains("cannot be reached, or cannot answer just now (io exception)"));
        assertTrue(CallFaults.words(Status.DEADLINE_EXCEEDED).contains("did not answer in time (DEADLINE_EXCEEDED)"));
        assertEquals("finding 3: no", CallFaults.words(Status.FAILED_PRECONDITION.withDescription("finding 3: no")));
        assertEquals("the coordinator answered INTERNAL", CallFaults.words(Status.INTERNAL));
    }

    private Configuration configuration() {
        return SettingTest.configuration(Map.of("data.dir", data.toString()));
    }
}
