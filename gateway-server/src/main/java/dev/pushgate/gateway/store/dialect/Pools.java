package dev.pushgate.gateway.store.dialect;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import javax.sql.DataSource;

/// The connections of a database: those that write and those that read, which may be the same.
/// Thread-safe.
///
/// @param writing for the lanes
/// @param reading for everything else
public record Pools(HikariDataSource writing, HikariDataSource reading) implements AutoCloseable {
  /// A pool that connects when it is asked to, and fails within the time limit.
  ///
  /// @param verdict what becomes of a connection that said this
  public static HikariDataSource pool(
      String name,
      DataSource source,
      int size,
      TimeLimits limits,
      Function<SQLException, SQLExceptionOverride.Override> verdict) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(name);
    config.setDataSource(source);
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(1);
    config.setExceptionOverride(new Verdicts(verdict));
    config.setConnectionTimeout(limits.connectionMs());
    config.setValidationTimeout(limits.connectionMs());
    // The caller has connected once and has had a clear error when it could not.
    config.setInitializationFailTimeout(-1);
    return new HikariDataSource(config);
  }

  private record Verdicts(Function<SQLException, SQLExceptionOverride.Override> verdict)
      implements SQLExceptionOverride {
    @java.lang.Override
    public Override adjudicate(SQLException failure) {
      return verdict.apply(failure);
    }
  }

  /// Whether one connection writes at a time, for the database takes no more.
  public boolean haveOneWriter() {
    return !writing.equals(reading);
  }

  /// Lets go of every connection: those in use when they are given back.
  public void renew() {
    distinct().forEach(pool -> beans(pool).forEach(HikariPoolMXBean::softEvictConnections));
  }

  /// The sum of a figure over the pools.
  public int sum(ToIntFunction<HikariPoolMXBean> figure) {
    return distinct().flatMap(Pools::beans).mapToInt(figure).sum();
  }

  public int size() {
    return distinct().mapToInt(HikariDataSource::getMaximumPoolSize).sum();
  }

  @Override
  public void close() {
    distinct().forEach(HikariDataSource::close);
  }

  private Stream<HikariDataSource> distinct() {
    return Stream.of(writing, reading).distinct();
  }

  /// None before a pool's first connection.
  private static Stream<HikariPoolMXBean> beans(HikariDataSource pool) {
    HikariPoolMXBean bean = pool.getHikariPoolMXBean();
    return bean == null ? Stream.empty() : List.of(bean).stream();
  }
}
