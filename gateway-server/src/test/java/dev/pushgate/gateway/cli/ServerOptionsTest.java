package dev.pushgate.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import org.junit.jupiter.api.Test;

class ServerOptionsTest {
  private final ServerOptions server = new ServerOptions();

  @Test
  void aHostThatDoesNotExistIsNamedAsSuchHoweverDeepTheCauseIs() {
    Throwable inner = new ConnectException().initCause(new UnresolvedAddressException());
    Throwable outer = new ConnectException().initCause(inner);

    assertThat(server.unreachable(inner)).endsWith("there is no such host");
    assertThat(server.unreachable(outer)).endsWith("there is no such host");
  }

  @Test
  void otherFailuresAreToldInOneLine() {
    assertThat(server.unreachable(new ConnectException())).endsWith("nobody listens there");
    assertThat(server.unreachable(new HttpTimeoutException("x"))).endsWith("not answer in time");
    assertThat(server.unreachable(new IOException("a\nb"))).endsWith(": a b");
    assertThat(server.unreachable(new IOException())).endsWith(": the connection broke");
    assertThat(
            server.unreachable(
                new IOException(
                    "PKIX path building failed:"
                        + " sun.security.provider.certpath.SunCertPathBuilderException: unable to"
                        + " find valid certification path to requested target")))
        .endsWith(
            ": PKIX path building failed: unable to find valid certification path to"
                + " requested target");
    assertThat(server.unreachable(new IOException("gate.example.com closed it")))
        .endsWith(": gate.example.com closed it");
  }
}
