#Requires -Version 5.1
#Requires -RunAsAdministrator
<#
.SYNOPSIS
    All steps in order, across the restarts that they need: prepare, install, verify, exercise, collect.

.DESCRIPTION
    Where a step needs a restart, Windows is restarted, and a scheduled task that runs as SYSTEM at the start of Windows
    goes on; nobody has to log on. The task goes away at the end, after a failure, after a crash, and after five starts.
    What is printed is also in run-all.log. run-all.json says how it ended.

.PARAMETER Resume
    Goes on after a restart. The scheduled task gives it.

.PARAMETER NoRestart
    Stops with code 18 where a restart is needed; start it again after the restart.

.EXAMPLE
    powershell -NoProfile -ExecutionPolicy Bypass -File run-all.ps1
#>
[CmdletBinding()]
param(
    [switch] $Resume,
    [switch] $NoRestart
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'common.ps1')

$Steps = @('prepare', 'install', 'verify', 'exercise', 'collect')
$MostStarts = 5

function Get-TaskName {
    <# .SYNOPSIS The name of the scheduled task. #>
    param([Parameter(Mandatory = $true)] $Settings)
    "wdk test vm $($Settings.service)"
}

function Register-Resume {
    <# .SYNOPSIS Lets Windows go on with this script at its next start. #>
    param([Parameter(Mandatory = $true)] $Settings)
    $file = Join-Path $PSScriptRoot 'run-all.ps1'
    $arguments = "-NoProfile -NonInteractive -ExecutionPolicy Bypass -File `"$file`" -Resume"
    $task = @{
        TaskName  = Get-TaskName -Settings $Settings
        Action    = New-ScheduledTaskAction -Execute 'powershell.exe' -Argument $arguments
        Trigger   = New-ScheduledTaskTrigger -AtStartup
        Principal = New-ScheduledTaskPrincipal -UserId 'SYSTEM' -LogonType ServiceAccount -RunLevel Highest
        Settings  = New-ScheduledTaskSettingsSet -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries
        Force     = $true
    }
    $null = Register-ScheduledTask @task
}

function Unregister-Resume {
    <# .SYNOPSIS Takes the scheduled task away, if it is there. #>
    param([Parameter(Mandatory = $true)] $Settings)
    $name = Get-TaskName -Settings $Settings
    if (@(Get-ScheduledTask -TaskName $name -ErrorAction SilentlyContinue).Count -gt 0) {
        Unregister-ScheduledTask -TaskName $name -Confirm:$false
    }
}

function Invoke-Script {
    <# .SYNOPSIS Runs one of the scripts in a process of its own, and returns its exit code. #>
    param([Parameter(Mandatory = $true)] [string] $Name)
    $arguments = @('-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-File', (Join-Path $PSScriptRoot "$Name.ps1"))
    $ended = Invoke-Tool -Path 'powershell.exe' -Arguments $arguments
    foreach ($line in $ended.Lines) {
        Write-Host $line
    }
    Add-Content -LiteralPath (Join-Path $PSScriptRoot 'run-all.log') -Value $ended.Lines -Encoding UTF8
    $ended.ExitCode
}

function Complete-Run {
    <# .SYNOPSIS Says how it ended. #>
    param(
        [Parameter(Mandatory = $true)] $Settings,
        [Parameter(Mandatory = $true)] [string] $Step,
        [Parameter(Mandatory = $true)] [int] $Code
    )
    Unregister-Resume -Settings $Settings
    Set-StateValue -Name 'runAll' -Value $null
    Write-JsonFile -Path (Join-Path $PSScriptRoot 'run-all.json') -Value @{ step = $Step; exit_code = $Code }
}

$code = Invoke-Step -Name 'run-all' -Body {
    $settings = Get-Settings
    $next = 0
    $starts = 1
    $noted = Get-StateValue -Name 'runAll'
    if ($null -ne $noted) {
        $next = $noted.next
        $starts = $noted.starts + 1
    } elseif ($Resume) {
        # The run has ended, and the task was left.
        Unregister-Resume -Settings $settings
        return
    }
    if ($null -ne (Get-Interrupted)) {
        $exit = Invoke-Script -Name 'collect'
        Complete-Run -Settings $settings -Step 'collect' -Code $exit
        Stop-Step -Code $exit -Message 'the system stopped: results\summary.json says where'
    }
    if ($starts -gt $MostStarts) {
        Complete-Run -Settings $settings -Step 'run-all' -Code $ExitStuck
        Stop-Step -Code $ExitStuck -Message "$MostStarts starts of Windows were not enough"
    }
    $failed = $ExitOk
    while ($next -lt $Steps.Count) {
        $step = $Steps[$next]
        # Noted before the step: a crash in it must not begin everything again.
        Set-StateValue -Name 'runAll' -Value @{ next = $next; starts = $starts }
        $exit = Invoke-Script -Name $step
        if ($exit -eq $ExitRestart) {
            # install did not get to its end, the others did.
            if ($step -ne 'install') {
                $next += 1
            }
            Set-StateValue -Name 'runAll' -Value @{ next = $next; starts = $starts }
            if ($NoRestart) {
                $script:StepExit = $ExitRestart
                return
            }
            Register-Resume -Settings $settings
            $null = Assert-Tool -Path 'shutdown.exe' -Arguments @('/r', '/t', '5')
            $script:StepExit = $ExitRestart
            return
        }
        # What a failed exercise left is collected all the same.
        if ($exit -ne 0 -and $step -ne 'exercise') {
            Complete-Run -Settings $settings -Step $step -Code $exit
            Stop-Step -Code $exit -Message "$step ended with code $exit"
        }
        if ($exit -ne 0) {
            $failed = $exit
        }
        $next += 1
    }
    Complete-Run -Settings $settings -Step 'collect' -Code $failed
    if ($failed -ne $ExitOk) {
        Stop-Step -Code $failed -Message "exercise ended with code $failed"
    }
}
exit $code
