/// What is PostgreSQL's own.
@NullMarked
package dev.pushgate.gateway.store.postgres;

import org.jspecify.annotations.NullMarked;
