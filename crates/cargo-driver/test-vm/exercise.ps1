#Requires -Version 5.1
#Requires -RunAsAdministrator
<#
.SYNOPSIS
    Sends the driver through the scenario of the emulator, then through the end of its life.

.DESCRIPTION
    The exerciser streams the file (or sends the requests) of settings.json and writes results\windows.json. Then the
    device is restarted, disabled, enabled and removed, so that the driver is stopped and unloaded while Driver Verifier
    watches. What was under way is noted before each action: after a crash, collect.ps1 says it.

.PARAMETER KeepDevice
    Does not remove the device at the end.

.EXAMPLE
    powershell -NoProfile -ExecutionPolicy Bypass -File exercise.ps1
#>
[CmdletBinding()]
param(
    [switch] $KeepDevice
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'common.ps1')

function Get-VerifierState {
    <# .SYNOPSIS Whether Driver Verifier watches the driver now: its report names the image. #>
    param([Parameter(Mandatory = $true)] $Settings)
    $lines = (Invoke-Tool -Path 'verifier.exe' -Arguments @('/query')).Lines
    if (@($lines | Where-Object { $_ -match [regex]::Escape($Settings.image) }).Count -gt 0) {
        'on'
    } else {
        'off'
    }
}

function Invoke-Scenario {
    <# .SYNOPSIS Runs the scenario and returns the exerciser's exit code. #>
    param([Parameter(Mandatory = $true)] $Settings)
    $out = Join-Path $Results 'windows.json'
    $file = Join-Path $PSScriptRoot $Settings.scenario.file
    $seconds = $Settings.scenario.timeout
    $arguments = @('run') + @($Settings.scenario.arguments)
    $arguments += @('--file', $file, '--timeout', $seconds, '--driver', $Settings.driver, '--json', '--out', $out)
    # None of them has a quotation mark, and none ends with a backslash.
    $line = @($arguments | ForEach-Object { "`"$_`"" }) -join ' '
    $start = @{
        FilePath               = $Exerciser
        ArgumentList           = $line
        NoNewWindow            = $true
        PassThru               = $true
        RedirectStandardOutput = Join-Path $Results 'exerciser.out'
        RedirectStandardError  = Join-Path $Results 'exerciser.log'
    }
    $process = Start-Process @start
    # Without the handle there is no exit code afterwards.
    $null = $process.Handle
    # A process cannot go away while a driver keeps a request of it. Its report is there before.
    if ($process.WaitForExit(1000 * ($seconds + 60))) {
        $exit = $process.ExitCode
    } else {
        Write-Note "the exerciser does not come to its end: the driver keeps a request of it (process $($process.Id))"
        $exit = $ExitStuck
    }
    if (-not (Test-Path -LiteralPath $out -PathType Leaf)) {
        foreach ($line in @(Get-Content -LiteralPath (Join-Path $Results 'exerciser.log'))) {
            Write-Note $line
        }
    }
    $exit
}

function Invoke-Action {
    <# .SYNOPSIS Notes an action, does it, and adds its exit code to those of the run. #>
    param(
        [Parameter(Mandatory = $true)] [string] $Name,
        [Parameter(Mandatory = $true)] [scriptblock] $Body
    )
    Set-UnderWay -Step 'exercise' -Action $Name
    $started = [DateTime]::UtcNow
    $exit = & $Body
    $seconds = [Math]::Round(([DateTime]::UtcNow - $started).TotalSeconds, 3)
    Write-Note "${Name}: code $exit, $seconds s"
    $script:Actions += @{ action = $Name; exit_code = $exit; seconds = $seconds }
    Write-JsonFile -Path (Join-Path $Results 'actions.json') -Value @{
        verifier = $script:Verifier
        actions  = @($script:Actions)
    }
}

$Actions = @()
$Verifier = 'unknown'
$code = Invoke-Step -Name 'exercise' -Body {
    $settings = Get-Settings
    # What an earlier run left must not be taken for what this one came to.
    if (Test-Path -LiteralPath $Results) {
        Remove-Item -LiteralPath $Results -Recurse -Force
    }
    $null = New-Item -Path $Results -ItemType Directory
    Set-StateValue -Name 'exercisedAt' -Value (Format-Time -Time ([DateTime]::UtcNow))
    Set-UnderWay -Step 'exercise' -Action 'starting the device'
    $null = Install-TestDevice -Settings $settings
    $script:Verifier = Get-VerifierState -Settings $settings
    Write-Note "Driver Verifier is $($script:Verifier) for $($settings.image)"

    if (-not (Test-Path -LiteralPath $Exerciser -PathType Leaf)) {
        Stop-Step -Code $ExitFile -Message "there is no '$Exerciser' (copy the whole folder once more)"
    }
    Invoke-Action -Name 'run' -Body { Invoke-Scenario -Settings $settings }
    if ($script:Actions[0].exit_code -eq $ExitStuck) {
        # Who would stop the device now would wait for the same requests.
        Stop-Step -Code $ExitStuck -Message 'requests did not come back: the driver keeps them'
    }
    foreach ($verb in @('restart', 'disable', 'enable')) {
        Invoke-Action -Name $verb -Body { Invoke-DeviceCommand -Settings $settings -Verb $verb }
    }
    if (-not $KeepDevice) {
        Invoke-Action -Name 'remove' -Body { Invoke-DeviceCommand -Settings $settings -Verb 'remove' }
    }
    $failed = @($script:Actions | Where-Object { $_.exit_code -ne 0 })
    if ($failed.Count -gt 0) {
        $exit = $failed[0].exit_code
        $what = "'$($failed[0].action)' ended with code $exit"
        if ($exit -eq $ExitRestart) {
            # The device could not be stopped: something holds it. That is a finding, and not a step to repeat.
            Stop-Step -Code $ExitRefused -Message "$what`: something keeps the device from stopping"
        }
        Stop-Step -Code $exit -Message $what
    }
}
exit $code
