package dev.pushgate.gateway.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pushgate.gateway.store.dialect.Claim;
import dev.pushgate.gateway.store.dialect.StoreConfig;
import dev.pushgate.gateway.store.dialect.StoreStartException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.postgresql.Driver;

class PostgresDialectTest {
  @Test
  void aUrlThatTheDriverCannotReadIsQuotedNowhere() {
    List<String> said = new ArrayList<>();
    Handler handler = recorder(said);
    Logger driver = Logger.getLogger(Driver.class.getName());
    driver.addHandler(handler);
    try {
      assertThatThrownBy(() -> dialect("jdbc:postgresql://ann:hid/den@host/db"))
          .isInstanceOf(StoreStartException.class)
          .message()
          .doesNotContain("hid", "den");
    } finally {
      driver.removeHandler(handler);
    }
    assertThat(said).isEmpty();
  }

  private static PostgresDialect dialect(String url) {
    return new PostgresDialect(
        new StoreConfig(url, null, null, 2, Duration.ofSeconds(1), Claim.NONE), Clock.systemUTC());
  }

  private static Handler recorder(List<String> said) {
    return new Handler() {
      @Override
      public void publish(LogRecord line) {
        said.add(line.getMessage());
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }
}
