package dev.pushgate.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.config.InvalidSettingsException;
import dev.pushgate.gateway.config.Settings;
import dev.pushgate.gateway.config.SettingsReader;
import dev.pushgate.gateway.net.HttpLimits.Connections;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// How many connections a node takes when nobody says.
class ConnectionLimitsTest {
  private static final long HEAP = 18 << 20;

  @Test
  void fileDescriptorsOrMemoryBoundThem() throws InvalidSettingsException {
    assertThat(of(Map.of(), 1_048_576)).isEqualTo(new Connections(6_144, 1_536));
    assertThat(of(Map.of(), 1_024)).isEqualTo(new Connections(1_024 - 128 - 8, 222));
    assertThat(of(Map.of(), 100)).isEqualTo(new Connections(50, 12));
  }

  @Test
  void behindAProxyItsAddressHasNoLimit() throws InvalidSettingsException {
    assertThat(of(Map.of("pushgate.http.trust-forwarded", "true"), 1_048_576))
        .isEqualTo(new Connections(6_144, 0));
  }

  @Test
  void whatIsSetHolds() throws InvalidSettingsException {
    Map<String, String> set =
        Map.of(
            "pushgate.limits.connections", "100",
            "pushgate.limits.http-connections-per-address", "7");
    assertThat(of(set, 1_048_576)).isEqualTo(new Connections(100, 7));
    assertThat(of(Map.of("pushgate.limits.connections", "1"), 1_048_576))
        .isEqualTo(new Connections(1, 1));
  }

  private static Connections of(Map<String, String> set, long maxFiles)
      throws InvalidSettingsException {
    Settings settings = new SettingsReader(Map.of(), Map.of()).read(null, set).settings();
    return ConnectionLimits.of(settings, maxFiles, HEAP);
  }
}
