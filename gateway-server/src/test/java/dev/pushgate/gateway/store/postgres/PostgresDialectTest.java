package dev.pushgate.gateway.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pushgate.gateway.store.dialect.Claim;
import dev.pushgate.gateway.store.dialect.StoreConfig;
import dev.pushgate.gateway.store.dialect.StoreStartException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.Driver;

class PostgresDialectTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"jdbc:postgresql://ann:hid/den@host/db", "jdbc:postgresql://hidden:99999/db"})
  void aUrlThatTheDriverCannotReadIsQuotedNowhere(String url) {
    List<String> said = new ArrayList<>();
    Handler handler = recorder(said);
    Logger driver = Logger.getLogger(Driver.class.getPackageName());
    driver.addHandler(handler);
    try {
      assertThatThrownBy(() -> dialect(url))
          .isInstanceOf(StoreStartException.class)
          .message()
          .doesNotContain("hid", "den");
    } finally {
      driver.removeHandler(handler);
    }
    assertThat(said).isEmpty();
  }

  /// What the driver throws says the name only in its cause.
  @Test
  void aHostThatIsNotThereIsNamed() {
    SQLException failure =
        new SQLException(
            "The connection attempt failed.",
            "08001",
            new UnknownHostException("db2.example: Name or service not known"));
    assertThat(dialect("jdbc:postgresql://db1.example,db2.example/db").explain(failure))
        .hasMessageEndingWith("cannot be reached: There is no host db2.example (SQLSTATE 08001)");
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
