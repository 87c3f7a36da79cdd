package dev.pushgate.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.HomeLimits;
import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.gateway.config.InvalidSettingsException;
import dev.pushgate.gateway.config.Settings;
import dev.pushgate.gateway.config.SettingsReader;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EngineStageTest {
  @Test
  void oneTurnAndItsLastMessageFitTheOutboundLimit() throws InvalidSettingsException {
    Settings tight =
        read(
            Map.of(
                "pushgate.limits.outbound", "64KiB",
                "pushgate.limits.outbound-low-water", "1KiB",
                "pushgate.limits.message-data", "31KiB",
                "pushgate.recent-log.bytes", "1KiB"));
    for (Settings settings : new Settings[] {tight, read(Map.of())}) {
      HomeLimits.Turn turn = EngineStage.limits(settings, MemoryBudget.unlimited(), 1).turn();
      long lastMessage = settings.limits().messageData().bytes() + 2_048;
      assertThat(turn.bytes() + lastMessage)
          .isLessThanOrEqualTo(settings.limits().outbound().bytes());
    }
  }

  private static Settings read(Map<String, String> options) throws InvalidSettingsException {
    return new SettingsReader(Map.of(), Map.of()).read(null, options).settings();
  }
}
