package dev.pushgate.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pushgate.auth.Secret;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.Driver;

class StoreUrlTest {
  @ParameterizedTest
  @CsvSource({
    "postgres://ann:pw@host/db, jdbc:postgresql://host/db, ann, pw",
    "postgresql://ann:pw@host:5433/db, jdbc:postgresql://host:5433/db, ann, pw",
    "jdbc:postgresql://ann:pw@host/db, jdbc:postgresql://host/db, ann, pw",
    "postgres://ann:p%40s%2Fs+%25@host/db, jdbc:postgresql://host/db, ann, p@s/s+%",
    "postgres://a%40b@host/db, jdbc:postgresql://host/db, a@b,",
    "postgres://host/db, jdbc:postgresql://host/db,,",
    "POSTGRES://Host/Db, jdbc:postgresql://Host/Db,,",
    "JDBC:PostgreSQL://host/db, jdbc:postgresql://host/db,,",
    "postgres://host?dbname=db, jdbc:postgresql://host/db,,",
    "postgres:///db, jdbc:postgresql://localhost/db,,",
    "postgres://[::1]:5433/db, jdbc:postgresql://[::1]:5433/db,,",
    "'postgres://ann@a:1,b:2/db', 'jdbc:postgresql://a:1,b:2/db', ann,",
    "postgres://h/db?user=ann&password=p%26w, jdbc:postgresql://h/db, ann, p&w",
    "postgres://h/db?sslmode=require&connect_timeout=3,"
        + " jdbc:postgresql://h/db?sslmode=require&connectTimeout=3,,",
    "postgres://h/db?target_session_attrs=read-write,"
        + " jdbc:postgresql://h/db?targetServerType=primary,,",
    "postgres://h/my%20db, jdbc:postgresql://h/my+db,,",
    "jdbc:postgresql://h/db?user=ann&password=p@w,"
        + " jdbc:postgresql://h/db?user=ann&password=p@w,,",
    "jdbc:postgresql://h?dbname=d&user=ann&password=p@w, jdbc:postgresql://h/d, ann, p@w",
  })
  void whatEverybodyElseWritesIsWhatTheDriverWants(
      String text, String jdbc, String user, String password) {
    StoreUrl url = StoreUrl.parse(text);

    assertThat(url.jdbc()).isEqualTo(jdbc);
    assertThat(url.user().orElse(null)).isEqualTo(user);
    assertThat(url.password().map(Secret::reveal).orElse(null)).isEqualTo(password);
    assertThat(Driver.parseURL(url.jdbc(), null)).isNotNull();
  }

  @Test
  void theDriverReadsTheSameDatabaseAndParameters() {
    StoreUrl url = StoreUrl.parse("postgres://h/my%2Bdb%2F1?application_name=a+b%20c");

    assertThat(Driver.parseURL(url.jdbc(), new Properties()))
        .containsEntry("PGDBNAME", "my+db/1")
        .containsEntry("ApplicationName", "a+b c");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://db/x?user=u&password=p",
        "jdbc:postgresql://db/x?user=u@server&password=p@w",
        "jdbc:postgresql:x",
        "jdbc:postgresql:x?user=u@server&password=p@w",
        "jdbc:postgresql://[::1]:5432/x",
        "jdbc:sqlite:/var/lib/a b.db"
      })
  void whatTheDriverWantsStaysAsItIs(String text) {
    assertThat(StoreUrl.parse(text).jdbc()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql://ann:hidden@host/db",
        "host/db",
        "postgres:/db",
        "postgres://ann:hid@den@host/db",
        "postgres://ann:hid/den@host/db",
        "postgres://ann:hidden%@host/db",
        "postgres://ann:hidden@host:port/db",
        "postgres://ann:hidden@%2Fvar%2Frun/db",
        "postgres://ann:12/hidden@host",
        "postgres://ann:12?hidden@host/db",
        "jdbc:postgresql://ann:hid/den@host/db",
        "jdbc:postgresql://ann:hid?den@host/db",
        "jdbc:postgresql://ann:hid#den@host/db",
        "jdbc:postgresql://ann:hid@den@host/db",
        "jdbc:postgresql:ann:hidden@host/db",
        "jdbc:postgresql:/ann:hidden@host/db"
      })
  void whatIsNoUrlIsRefusedAndNotShown(String text) {
    assertThatThrownBy(() -> StoreUrl.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .doesNotContain("hid", "den");
    assertThat(StoreUrl.redacted(text)).doesNotContain("hid", "den");
  }

  @ParameterizedTest
  @CsvSource({
    "postgres://h:99999/db, has the port 99999",
    "postgres://h:0/db, has the port 0",
    "jdbc:postgresql://h:65536/db, has the port 65536",
    "'postgres://a:1,b:70000/db', has the port 70000",
    "postgres://[::1]:99999/db, has the port 99999",
    "postgres://h, names no database",
    "postgres://ann:hidden@h/?sslmode=require, names no database",
    "jdbc:postgresql://h/, names no database",
    "jdbc:postgresql:/, names no database"
  })
  void whatIsWrongWithAUrlIsSaid(String text, String why) {
    assertThatThrownBy(() -> StoreUrl.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(why);
  }

  @Test
  void itIsShownWithoutPasswords() {
    assertThat(StoreUrl.redacted("postgres://ann:hidden@h/db?password=hidden&a=1"))
        .isEqualTo("postgres://ann:[redacted]@h/db?password=[redacted]&a=1");
    assertThat(StoreUrl.parse("jdbc:postgresql://h/db?password=hidden").toString())
        .isEqualTo("jdbc:postgresql://h/db?password=[redacted]");
    assertThat(StoreUrl.redacted("jdbc:postgresql://h:5432/db?user=ann@h&password=hid@den"))
        .isEqualTo("jdbc:postgresql://h:5432/db?user=ann@h&password=[redacted]");
  }
}
