package org.picket.crawler.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Credentials are found where the AWS tools find them: here in files, by a role that is taken for them.
class S3CredentialsTest {
    private static final String ROLE = """
            <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
            <AccessKeyId>ROLEKEY</AccessKeyId><SecretAccessKey>rolesecret</SecretAccessKey>
            <SessionToken>roletoken</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration>
            </Credentials></AssumeRoleResult></AssumeRoleResponse>
            """;

    @TempDir
    private Path folder;

    private FaultyServer server;
    private final List<String> signatures = new ArrayList<>();
    private final Map<String, Optional<String>> before = new HashMap<>();

    @BeforeEach
    void start() throws IOException {
        server = new FaultyServer();
        Files.writeString(folder.resolve("credentials"), """
                [base]
                aws_access_key_id = BASEKEY
                aws_secret_access_key = basesecret
                """);
        Files.writeString(folder.resolve("config"), """
                [profile role]
                role_arn = arn:aws:iam::123456789012:role/picket
                source_profile = base
                region = us-east-1
                """);
        set("aws.sharedCredentialsFile", folder.resolve("credentials").toString());
        set("aws.configFile", folder.resolve("config").toString());
        set("aws.endpointUrlSts", server.address().toString());
        set("aws.disableEc2Metadata", "true");
    }

    private void set(String property, String value) {
        before.putIfAbsent(property, Optional.ofNullable(System.getProperty(property)));
        System.setProperty(property, value);
    }

    @AfterEach
    void stop() {
        server.close();
        before.forEach((property, value) ->
                value.ifPresentOrElse(old -> System.setProperty(property, old), () -> System.clearProperty(property)));
    }

    private FaultyServer.Answer answer(String body) {
        return exchange -> {
            signatures.add(exchange.getRequestHeaders().getFirst("Authorization"));
            give(exchange, body);
        };
    }

    private static void give(HttpExchange exchange, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private S3Connection connect() {
        return S3Connection.open(
                new SourceLocation.Bucket("bucket", "", S3Options.at(server.address())),
                FaultyServer.settings(1, 1_000, FaultyServer.CALLS_PER_SECOND));
    }

    @Test
    void profileIsTaken() {
        set("aws.profile", "base");
        server.next(answer("<VersioningConfiguration/>"));
        connect().close();
        assertTrue(signatures.getFirst().contains("Credential=BASEKEY/"), signatures::toString);
    }

    @Test
    void profileThatTakesARoleIsTaken() {
        set("aws.profile", "role");
        server.next(answer(ROLE)).next(answer("<VersioningConfiguration/>"));
        connect().close();
        assertEquals(2, signatures.size());
        assertTrue(signatures.getFirst().contains("Credential=BASEKEY/"), signatures::toString);
        assertTrue(signatures.getLast().contains("Credential=ROLEKEY/"), signatures::toString);
    }

    @Test
    void whatStandsInTheWayIsSaidAndNoSecret() {
        set("aws.profile", "nowhere");
        String said = assertThrows(SourceException.class, this::connect).getMessage();
        assertTrue(said.contains("AWS_PROFILE"), said);
        assertTrue(said.contains("nowhere"), said);
        assertFalse(said.contains("basesecret"), said);
        assertTrue(said.length() < 1_000, said);
    }
}
