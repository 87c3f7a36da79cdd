/// Tests of the package of the same name.
@NullMarked
package dev.pushgate.gateway.config;

import org.jspecify.annotations.NullMarked;
