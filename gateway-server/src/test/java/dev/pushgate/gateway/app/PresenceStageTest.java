package dev.pushgate.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.presence.MemberId;
import dev.pushgate.core.presence.Present;
import dev.pushgate.gateway.config.InvalidSettingsException;
import dev.pushgate.gateway.config.Settings;
import dev.pushgate.gateway.config.SettingsReader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PresenceStageTest {
  @Test
  void asManyMembersAsDocumentedFitWhateverTheRecentLogHolds() throws InvalidSettingsException {
    for (Settings settings :
        List.of(read(Map.of()), read(Map.of("pushgate.recent-log.bytes", "0B")))) {
      long bytes = PresenceStage.limits(settings).bytes();
      assertThat(bytes).isEqualTo(640 << 10);
      assertThat(1_000L * withInfo(580).weight()).isLessThanOrEqualTo(bytes);
      assertThat(300L * withInfo(Present.MAX_INFO_BYTES).weight()).isLessThanOrEqualTo(bytes);
    }
  }

  @Test
  void aRosterFitsTheOutboundLimitAboveTheLowWaterMark() throws InvalidSettingsException {
    Settings tight =
        read(
            Map.of(
                "pushgate.limits.outbound", "64KiB",
                "pushgate.limits.outbound-low-water", "1KiB",
                "pushgate.limits.message-data", "31KiB",
                "pushgate.recent-log.bytes", "1KiB"));
    assertThat(PresenceStage.limits(tight).bytes()).isBetween(16L << 10, 63L << 10);
  }

  private static Present withInfo(int bytes) {
    String id = "0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f";
    return new Present(new MemberId.User(id), "\"" + "x".repeat(bytes - 2) + "\"");
  }

  private static Settings read(Map<String, String> options) throws InvalidSettingsException {
    return new SettingsReader(Map.of(), Map.of()).read(null, options).settings();
  }
}
